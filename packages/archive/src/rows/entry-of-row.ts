import { type Entry, requestMessage } from '@tailrace/schema';
import type { DuckCell, DuckRow } from '../duck/duck-protocol.js';
import { COLUMN_NAMES, COLUMNS, JSON_COLUMNS } from './columns.js';

const isJson = new Set<string>(JSON_COLUMNS);
const isInteger = new Set<string>(COLUMN_NAMES.filter((name) => COLUMNS[name] === 'BIGINT'));
const NOT_FIELDS = new Set<string>(['is_request', 'message', 'has_foldings', 'whole']);
const PLACES = COLUMN_NAMES.map((name, place) => ({ name, place })).filter(
  ({ name }) => !NOT_FIELDS.has(name),
);
const placeOf = (name: string) => COLUMN_NAMES.indexOf(name as never);
const WHOLE = placeOf('whole');
const MESSAGE = placeOf('message');
const IS_REQUEST = placeOf('is_request');

/** An entry from a row with all columns, in their order. */
export function entryOfRow(row: DuckRow): Entry {
  const whole = row[WHOLE];
  if (typeof whole === 'string') return JSON.parse(whole) as Entry;
  const isRequest = row[IS_REQUEST] === true;
  const entry: Record<string, unknown> = { id: '', timestamp: 0, kind: isRequest ? 'request' : 'log' };
  for (const { name, place } of PLACES) {
    const value = row[place] as DuckCell;
    if (value === null || value === undefined) continue;
    if (isJson.has(name)) entry[name] = JSON.parse(value as string);
    else entry[name] = isInteger.has(name) ? Number(value) : value;
  }
  entry.message = row[MESSAGE] ?? requestMessage(entry as Partial<Entry>);
  return entry as unknown as Entry;
}
