import { type CompiledFilter, compareNewestFirst } from '@tailrace/query';
import { type Cursor, type Entry, isError, type TimeWindow } from '@tailrace/schema';
import type { Duck, DuckRow } from '../duck/duck.js';
import type { SealedFile } from '../manifest/manifest.js';
import { ALL_COLUMNS, COLUMN_NAMES } from '../rows/columns.js';
import { entryOfRow } from '../rows/entry-of-row.js';
import { quoted } from '../rows/sql-text.js';
import { filesSql, NEWEST_FIRST, type RowsSql, rowsSql } from './sealed-rows.js';

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
  /** Ids of entries no read shows. @default there are none */
  readonly hidden?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows asked for first, and at most, where SQL selects more than the filter wants. */
const FIRST_ROWS = 500;
const MAX_ROWS = 20_000;
/** Files read at first: a file more costs little where it is small, and it is large where there are few. */
const FIRST_FILES = 8;
/** Places of rows asked for with all their columns at once. */
const ROWS_A_QUESTION = 2_000;

/**
 * Finds the newest matches in files, newest first: in the newest files first, then in twice as many, until no file
 * that is left can hold a newer one.
 */
export async function searchSealed(search: SealedSearch): Promise<Entry[]> {
  const { files, window, limit, cursor } = search;
  const to = Math.min(window.to, cursor?.timestamp ?? window.to);
  const left = files.filter((file) => file.from <= to && file.to >= window.from).sort((a, b) => b.to - a.to);
  let found: Entry[] = [];
  for (let count = FIRST_FILES; left.length > 0; count *= 2) {
    const last = found[limit - 1];
    if (last !== undefined && last.timestamp > (left[0] as SealedFile).to) break;
    const matches = await newestMatches(search, left.splice(0, count));
    found = [...found, ...matches].sort(compareNewestFirst).slice(0, limit);
  }
  return found;
}

/** The newest matches in some files, which are read as one. */
async function newestMatches(search: SealedSearch, files: readonly SealedFile[]): Promise<Entry[]> {
  const { folder, filter, window, errorsOnly, limit, isErased, hidden, signal, duck } = search;
  const found: Entry[] = [];
  let { cursor } = search;
  for (let wanted = FIRST_ROWS; found.length < limit; wanted = Math.min(MAX_ROWS, 4 * wanted)) {
    const rows = rowsSql({ folder, files, filter, window, cursor, errorsOnly, hidden, hasNames: true });
    const count = rows.isExact ? limit - found.length : Math.max(wanted, limit - found.length);
    const read = await newestRows(duck, rows, count, signal);
    for (const row of read) {
      const entry = entryOfRow(row);
      cursor = { timestamp: entry.timestamp, order: entry.order ?? 0, id: entry.id };
      if (errorsOnly && !isError(entry)) continue;
      if (filter.matches(entry) && !isErased?.(entry, nameOf(row))) found.push(entry);
      if (found.length >= limit) break;
    }
    if (read.length < count) break;
  }
  return found;
}

/**
 * The newest of some rows with all their columns, newest first. Their places are found first, which reads few columns of
 * many rows; then all columns of few rows are.
 */
async function newestRows(
  duck: Duck,
  { text, table }: RowsSql,
  count: number,
  signal: AbortSignal | undefined,
): Promise<readonly DuckRow[]> {
  const places = await newestPlaces(duck, text, count, signal);
  const rows: DuckRow[] = [];
  for (let i = 0; i < places.length; i += ROWS_A_QUESTION) {
    const some = places.slice(i, i + ROWS_A_QUESTION);
    const byFile = new Map<string, string[]>();
    for (const [file, number] of some)
      byFile.set(String(file), [...(byFile.get(String(file)) ?? []), String(number)]);
    const [to, from] = [some[0]?.[2], some.at(-1)?.[2]];
    const which = [...byFile].map(
      ([file, numbers]) => `("filename" = ${quoted(file)} AND "file_row_number" IN (${numbers.join(', ')}))`,
    );
    const conditions = `"timestamp" BETWEEN ${from} AND ${to} AND (${which.join(' OR ')})`;
    rows.push(
      ...(await duck.query(
        `SELECT ${ALL_COLUMNS}, "filename" FROM ${table} WHERE ${conditions} ORDER BY ${NEWEST_FIRST}`,
        { signal },
      )),
    );
  }
  return rows;
}

/**
 * File, number in it and timestamp of the newest rows: in order where they are more than are asked for at once. By timestamp
 * alone first, as no filter that is a scan reads order and id for nothing; where the last millisecond is cut, its rows are
 * asked for once more.
 */
async function newestPlaces(
  duck: Duck,
  text: string,
  count: number,
  signal: AbortSignal | undefined,
): Promise<readonly DuckRow[]> {
  const select = `SELECT "filename", "file_row_number", "timestamp" ${text}`;
  const inOrder = (condition: string, limit: number) =>
    duck.query(`${select}${condition} ORDER BY ${NEWEST_FIRST} LIMIT ${limit}`, { signal });
  if (count > ROWS_A_QUESTION) return inOrder('', count);
  const places = await duck.query(`${select} ORDER BY "timestamp" DESC LIMIT ${count + 1}`, { signal });
  const [last, next] = [places[count - 1]?.[2], places[count]?.[2]];
  if (next === undefined || next !== last) return places.slice(0, count);
  const newer = places.filter(([, , timestamp]) => timestamp !== last);
  return [...newer, ...(await inOrder(` AND "timestamp" = ${last}`, count - newer.length))];
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
    `SELECT ${ALL_COLUMNS}, "filename" FROM ${table} WHERE "timestamp" = ${timestamp} AND ("id" = ${quoted(id)} OR "whole" IS NOT NULL)`,
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
