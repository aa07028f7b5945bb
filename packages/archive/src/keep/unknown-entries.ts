import type { LogReader } from '@tailrace/query';
import type { Cursor, Entry, TimeWindow } from '@tailrace/schema';
import type { Duck } from '../duck/duck.js';
import type { ColdView } from '../read/cold-reader.js';
import { knownIds } from './known-ids.js';

/** What to compare. */
export interface Comparison {
  readonly hot: LogReader;
  readonly window: TimeWindow;
  readonly duck: Duck;
  readonly folder: string;
  readonly view: () => Omit<ColdView, 'lack'>;
  readonly signal?: AbortSignal | undefined;
}

/** Some entries that Redis has. */
export interface ComparedEntries {
  readonly entries: readonly Entry[];
  /** Those of them that are in no file, and not unsealed either. */
  readonly unknown: readonly Entry[];
}

const PAGE = 1_000;

/** Goes through what Redis has of a window, the newest first, and says what the archive has not. */
export async function* compareWithRedis(comparison: Comparison): AsyncGenerator<ComparedEntries> {
  const { hot, window, signal } = comparison;
  let cursor: Cursor | undefined;
  do {
    const request = { filter: {}, window, limit: PAGE, cursor };
    const { entries, nextCursor } = await hot.search(request, signal === undefined ? {} : { signal });
    if (entries.length > 0) yield { entries, unknown: await unknownOf(entries, comparison) };
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function unknownOf(
  entries: readonly Entry[],
  { duck, folder, view, signal }: Comparison,
): Promise<Entry[]> {
  const { manifest, unsealed } = view();
  const waiting = new Set(unsealed.map(({ entry }) => entry.id));
  const rest = entries.filter(({ id }) => !waiting.has(id));
  const known = await knownIds({ duck, folder, files: manifest.files, entries: rest, signal });
  return rest.filter(({ id }) => !known.has(id));
}
