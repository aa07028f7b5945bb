import type { Entry } from '@tailrace/schema';
import type { Duck } from '../duck/duck.js';
import type { SealedFile } from '../manifest/manifest.js';
import { filesSql } from '../read/sealed-rows.js';

/** Which of some entries are in files. */
export async function knownIds({
  duck,
  folder,
  files,
  entries,
  signal,
}: {
  readonly duck: Duck;
  readonly folder: string;
  readonly files: readonly SealedFile[];
  readonly entries: readonly Entry[];
  readonly signal?: AbortSignal | undefined;
}): Promise<Set<string>> {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { timestamp } of entries) {
    from = Math.min(from, timestamp);
    to = Math.max(to, timestamp);
  }
  const within = files.filter((file) => file.from <= to && file.to >= from);
  if (within.length === 0 || entries.length === 0) return new Set();
  const rows = await duck.query(
    `SELECT "id" FROM ${filesSql(folder, within)} WHERE "timestamp" BETWEEN ${from} AND ${to} AND "id" IN (SELECT unnest(?::VARCHAR[]))`,
    { values: [entries.map(({ id }) => id)], signal },
  );
  return new Set(rows.map(([id]) => String(id)));
}
