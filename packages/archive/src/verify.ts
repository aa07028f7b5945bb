import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duck } from './duck/duck.js';
import { sha256Of } from './files/private-files.js';
import type { SealedFile } from './manifest/manifest.js';
import { quoted } from './rows/sql-text.js';

/** A file that is not what the manifest says. */
export interface DamagedFile {
  readonly name: string;
  readonly reason: string;
}

/** What comparing files with the manifest found. */
export interface Verification {
  readonly files: number;
  readonly entries: number;
  readonly damaged: readonly DamagedFile[];
}

/** Compares size, checksum, count, times and ids of every file with the manifest. */
export async function verifyFiles({
  duck,
  folder,
  files,
  signal,
}: {
  readonly duck: Duck;
  readonly folder: string;
  readonly files: readonly SealedFile[];
  readonly signal?: AbortSignal | undefined;
}): Promise<Verification> {
  const damaged: DamagedFile[] = [];
  let entries = 0;
  for (const file of files) {
    signal?.throwIfAborted();
    const reason = await damageOf(file, { duck, path: join(folder, file.name), signal });
    if (reason === undefined) entries += file.rows;
    else damaged.push({ name: file.name, reason });
  }
  return { files: files.length, entries, damaged };
}

/** @returns what is wrong with a file, `undefined` when nothing is. */
async function damageOf(
  file: SealedFile,
  {
    duck,
    path,
    signal,
  }: { readonly duck: Duck; readonly path: string; readonly signal: AbortSignal | undefined },
): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size !== file.bytes) return `it has ${size} bytes of ${file.bytes}`;
    if ((await sha256Of(path)) !== file.sha256) return 'its checksum is another';
    const [row] = await duck.query(
      `SELECT count(*), min("timestamp"), max("timestamp"), bit_xor(hash("id")) FROM read_parquet(${quoted(path)})`,
      { signal },
    );
    const [rows, from, to, ids] = (row ?? []).map(String);
    if (Number(rows) !== file.rows) return `it holds ${rows} entries of ${file.rows}`;
    if (Number(from) !== file.from || Number(to) !== file.to) return 'its times are others';
    return ids === file.ids ? undefined : 'its ids are others';
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  }
}
