import type { Manifest } from './manifest/manifest.js';

/** Files of one class and day. */
export interface ArchivedDay {
  /** A retention class, or a class of the archive's own. */
  readonly retention: string;
  /** UTC: `2026-11-26`. */
  readonly day: string;
  readonly files: number;
  readonly entries: number;
  readonly bytes: number;
}

/** What an archive is at one moment. */
export interface ArchiveStatus {
  /** `DATA_DIR`. */
  readonly folder: string;
  /** Id of the archive, as Redis knows it. */
  readonly archive: string;
  /** Counts the changes of its files. */
  readonly generation: number;
  readonly files: number;
  readonly entries: number;
  readonly bytes: number;
  /** Timestamp of the newest sealed entry, epoch milliseconds; `null` without one. */
  readonly newest: number | null;
  readonly unsealed: number;
  /** Redis has every entry from this timestamp on; 0: all that have not expired. */
  readonly hotFrom: number;
  /** What reads lack; `null`: nothing. */
  readonly lack: string | null;
  /** Why it cannot go on now; `null`: it does. */
  readonly trouble: string | null;
  /** Files that erased entries are still to be removed from. */
  readonly erasing: number;
  /** Newest day first. */
  readonly days: readonly ArchivedDay[];
}

/** @see ArchiveStatus */
export function statusOf({
  folder,
  manifest,
  unsealed,
  trouble,
  lack,
}: {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly unsealed: { readonly count: number };
  readonly trouble: string | undefined;
  readonly lack: string | undefined;
}): ArchiveStatus {
  const { archive, generation, files, hotFrom, tombstones } = manifest;
  const days = new Map<string, ArchivedDay>();
  let newest: number | null = null;
  for (const { retention, day, rows, bytes, to } of files) {
    const name = `${day} ${retention}`;
    const before = days.get(name) ?? { retention, day, files: 0, entries: 0, bytes: 0 };
    days.set(name, {
      retention,
      day,
      files: before.files + 1,
      entries: before.entries + rows,
      bytes: before.bytes + bytes,
    });
    newest = Math.max(newest ?? to, to);
  }
  const sum = (of: 'rows' | 'bytes') => files.reduce((total, file) => total + file[of], 0);
  return {
    folder,
    archive,
    generation,
    files: files.length,
    entries: sum('rows'),
    bytes: sum('bytes'),
    newest,
    unsealed: unsealed.count,
    hotFrom,
    lack: lack ?? null,
    trouble: trouble ?? null,
    erasing: new Set(tombstones.flatMap(({ files }) => files)).size,
    days: [...days].sort(([a], [b]) => (a < b ? 1 : -1)).map(([, day]) => day),
  };
}
