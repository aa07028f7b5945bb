import type { ReadContext } from '../format.js';
import type { Candidate } from '../parsed-line.js';
import { restOfError } from './json-error.js';
import { isNothing, isRecord, type JsonRecord } from './json-record.js';

/** Reads a value for a field; `undefined` when the value is not the field's: then it stays where it was. */
export type ReadValue = (value: unknown, record: JsonRecord, context: ReadContext) => unknown;

/** Where an entry's field stands in other programs' logs. */
export interface FieldSource {
  readonly field: keyof Candidate;
  /** Best first. `req.method` is that key, or `method` in the object `req`. */
  readonly places: readonly { readonly key: string; readonly names: readonly string[] }[];
  readonly read: ReadValue;
}

/** Shorthand for a source; `keys` are separated by spaces. */
export function from(field: keyof Candidate, keys: string, read: ReadValue): FieldSource {
  const places = keys.split(' ').map((key) => ({ key, names: key.split('.') }));
  return { field, places, read };
}

/**
 * Takes fields out of a record. `rest` must be the caller's own: what was read is removed from it. Fields that `entry`
 * has already stay.
 */
export function readFields(
  rest: Record<string, unknown>,
  entry: Candidate,
  sources: readonly FieldSource[],
  context: ReadContext,
): void {
  const record = { ...rest };
  for (const { field, places, read } of sources) {
    for (const { key, names } of places) {
      if (entry[field] !== undefined) break;
      const isKey = names.length === 1 || Object.hasOwn(rest, key);
      const found = isKey ? ownValue(rest, key) : nestedValue(rest, names);
      if (found === undefined) continue;
      const value = isNothing(found) ? undefined : read(found, record, context);
      if (value === undefined && !isNothing(found)) continue;
      entry[field] = value;
      remove(rest, isKey ? [key] : names);
      if (field === 'error') keepRestOfError(rest, key, found);
    }
  }
}

function ownValue(holder: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/** Also where only a part of the path is dotted: `{"http.request": {"method": …}}`. */
function nestedValue(holder: unknown, names: readonly string[]): unknown {
  let value = holder;
  for (const name of names) {
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** Removes a value, and the objects it was the last value of. */
function remove(holder: unknown, [name, ...names]: readonly string[]): void {
  if (!isRecord(holder) || name === undefined) return;
  remove(holder[name], names);
  if (names.length === 0 || (isRecord(holder[name]) && Object.keys(holder[name]).length === 0))
    delete holder[name];
}

function keepRestOfError(rest: Record<string, unknown>, key: string, error: unknown): void {
  const left = restOfError(error);
  if (Object.keys(left).length > 0) rest[key] = left;
}
