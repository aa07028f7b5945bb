import type { Manifest, SealedFile } from '../manifest/manifest.js';

/** Rows of a file that is not merged any more. */
const FULL_ROWS = 1_000_000;
/** So many files of one day are merged though the day goes on. */
const MANY_FILES = 12;

/** Small files of one class and day, which become one. */
export type MergeGroup = readonly SealedFile[];

/**
 * Which files are to become one: those of a day that is over, and of today when they are many. Files whose entries are being
 * erased wait until that is done.
 *
 * @param now epoch milliseconds
 * @param damaged names of files that stay as they are
 */
export function mergeGroups(
  { files, tombstones }: Manifest,
  now: number,
  damaged: ReadonlySet<string>,
): MergeGroup[] {
  const today = new Date(now).toISOString().slice(0, 10);
  const pending = new Set(tombstones.flatMap(({ files }) => files));
  const days = new Map<string, SealedFile[]>();
  for (const file of files) {
    if (file.rows >= FULL_ROWS || pending.has(file.name) || damaged.has(file.name)) continue;
    const name = `${file.retention}/${file.day}`;
    days.set(name, [...(days.get(name) ?? []), file]);
  }
  return [...days.values()]
    .filter((group) => group.length > ((group[0] as SealedFile).day < today ? 1 : MANY_FILES))
    .map((group) => firstRows(group.sort((a, b) => a.from - b.from)))
    .filter((group) => group.length > 1);
}

/** As many as one file takes. */
function firstRows(files: readonly SealedFile[]): SealedFile[] {
  const taken: SealedFile[] = [];
  let rows = 0;
  for (const file of files) {
    rows += file.rows;
    if (rows > FULL_ROWS && taken.length > 1) break;
    taken.push(file);
  }
  return taken;
}
