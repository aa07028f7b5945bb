import type { CompiledFilter } from '@tailrace/query';
import { type Cursor, type Entry, isError, type TimeWindow } from '@tailrace/schema';
import type { Duck, DuckRow } from '../duck/duck.js';
import type { SealedFile } from '../manifest/manifest.js';
import { COLUMN_NAMES, named } from '../rows/columns.js';
import { entryOfRow } from '../rows/entry-of-row.js';
import { filesSql, NEWEST_FIRST, rowsSql } from './sealed-rows.js';

/** Whether an entry was erased though it is still in a file of that name. */
export type IsErased = (entry: Entry, file: string) => boolean;

/** What to find in files. */
export interface SealedSearch {
  readonly duck: Duck;
  readonly folder: string;
  readonly files: readonly SealedFile[];
  readonly filter: CompiledFilter;
  readonly window: TimeWindow;
  readonly cursor?: Cursor | undefined;
  readonly errorsOnly: boolean;
  /** Matches wanted. */
  readonly limit: number;
  /** Whether an entry was erased, by the file it is in; `undefined`: nothing was. */
  readonly isErased?: IsErased | undefined;
  readonly signal?: AbortSignal | undefined;
}

const ALL = COLUMN_NAMES.map(named).join(', ');
/** Rows asked for where SQL selects more than the filter wants. */
const MIN_ROWS = 500;
const MAX_ROWS = 5_000;

/** Finds the newest matches in files, newest first: the newest day first, then two, then four, until there are enough. */
export async function searchSealed(search: SealedSearch): Promise<Entry[]> {
  const { folder, filter, window, errorsOnly, limit, isErased, signal, duck } = search;
  const days = daysOf(search.files.filter(({ from, to }) => from <= window.to && to >= window.from));
  const found: Entry[] = [];
  let cursor = search.cursor;
  for (let at = 0, count = 1; at < days.length && found.length < limit; at += count, count *= 2) {
    const files = days.slice(at, at + count).flat();
    for (let isRead = false; !isRead && found.length < limit; ) {
      const rows = rowsSql({
        folder,
        files,
        filter,
        window,
        cursor,
        errorsOnly,
        hasNames: isErased !== undefined,
      });
      const wanted = rows.isExact ? limit - found.length : Math.min(MAX_ROWS, Math.max(MIN_ROWS, 4 * limit));
      const read = await duck.query(
        `SELECT ${ALL}${isErased === undefined ? '' : ', "filename"'} ${rows.text} ORDER BY ${NEWEST_FIRST} LIMIT ${wanted}`,
        rows.values,
        { signal },
      );
      isRead = read.length < wanted;
      for (const row of read) {
        const entry = entryOfRow(row);
        cursor = { timestamp: entry.timestamp, order: entry.order ?? 0, id: entry.id };
        if (errorsOnly && !isError(entry)) continue;
        if (filter.matches(entry) && !isErased?.(entry, nameOf(row))) found.push(entry);
        if (found.length >= limit) break;
      }
    }
  }
  return found;
}

/** The entry of that id, whose timestamp stands in the id. */
export async function sealedEntry(
  { duck, folder, files, isErased }: Pick<SealedSearch, 'duck' | 'folder' | 'files' | 'isErased'>,
  id: string,
  timestamp: number,
): Promise<Entry | undefined> {
  const within = files.filter(({ from, to }) => from <= timestamp && to >= timestamp);
  if (within.length === 0) return undefined;
  const table = filesSql(folder, within, true);
  const rows = await duck.query(
    `SELECT ${ALL}, "filename" FROM ${table} WHERE "timestamp" = ${timestamp} AND ("id" = ? OR "whole" IS NOT NULL)`,
    [id],
  );
  return rows.flatMap((row) => {
    const entry = entryOfRow(row);
    return entry.id === id && !isErased?.(entry, nameOf(row)) ? [entry] : [];
  })[0];
}

/** A file's name in the manifest: class, day and its own. */
function nameOf(row: DuckRow): string {
  return String(row[COLUMN_NAMES.length]).split(/[\\/]/).slice(-3).join('/');
}

/** Files by day, the newest day first. */
function daysOf(files: readonly SealedFile[]): SealedFile[][] {
  const days = new Map<string, SealedFile[]>();
  for (const file of files) days.set(file.day, [...(days.get(file.day) ?? []), file]);
  return [...days].sort(([a], [b]) => (a < b ? 1 : -1)).map(([, ofDay]) => ofDay);
}
