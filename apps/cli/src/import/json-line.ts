import { isAuditRecord, readAuditRecord } from './audit-record.js';
import { restOfError } from './json-error.js';
import { FIELD_SOURCES, type JsonRecord, splitRequestLine } from './json-fields.js';
import { type Candidate, type ParsedLine, refuse } from './parsed-line.js';

/** Ids of Tailrace's own entries: an imported entry gets a new one. */
const OWN_ID = /^(.*:)?(req|log):\d+:/;

/** Arrays and objects within each other: a batch of the gateway's 64 levels is an array of entries, `data` one in each. */
const MAX_DEPTH = 60;

/**
 * Reads a JSON object: what {@link FIELD_SOURCES} recognises becomes fields, everything else `data`. An object
 * without a time is imported with the time of the import, and counted as repaired.
 */
export function parseJsonLine(text: string): ParsedLine {
  const record = parseObject(text);
  if (record === undefined) return refuse('invalid_json', 'begins like JSON but is no JSON object');
  if (nestsDeeper(record, MAX_DEPTH)) {
    return refuse('too_deep', `JSON nested deeper than the ${MAX_DEPTH} levels the gateway takes`);
  }
  if (Array.isArray(record.logs) && 'next_cursor' in record) {
    return refuse(
      'whole_reply',
      "a whole reply of the gateway; give its entries, one a line: jq -c '.logs[]'",
    );
  }
  const split = splitRequestLine(record);
  const { entry, rest } = isAuditRecord(split) ? readAuditRecord(split) : { entry: {}, rest: split };
  return readFields(split, entry, { ...rest });
}

function readFields(record: JsonRecord, fixed: Candidate, rest: Record<string, unknown>): ParsedLine {
  const entry: Candidate = { ...fixed };
  for (const { field, keys, read } of FIELD_SOURCES) {
    for (const key of keys) {
      if (entry[field] !== undefined) break;
      const names = Object.hasOwn(rest, key) ? [key] : key.split('.');
      const found = valueAt(rest, names);
      const value = isNothing(found) ? undefined : read(found, record);
      if (value === undefined && !isNothing(found)) continue;
      entry[field] = value;
      remove(rest, names);
      if (field === 'error') Object.assign(rest, leftOf(key, found));
    }
  }
  const badTime =
    entry.timestamp === undefined && (rest.timestamp ?? rest.time ?? rest.ts ?? rest['@timestamp']);
  if (badTime)
    return refuse('invalid_time', `no time that is understood: ${JSON.stringify(badTime).slice(0, 100)}`);
  entry.data = dataOf(rest);
  if (entry.timestamp !== undefined) return { entry };
  return { entry, repaired: { code: 'no_time', message: 'has no time; the time of the import is taken' } };
}

function parseObject(text: string): JsonRecord | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeper(inner, levels - 1));
}

function valueAt(holder: unknown, names: readonly string[]): unknown {
  return names.reduce(
    (inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    holder,
  );
}

/** Removes a value, and the objects it was the last value of. */
function remove(holder: unknown, [name, ...names]: readonly string[]): void {
  if (!isObject(holder) || name === undefined) return;
  remove(holder[name], names);
  if (names.length === 0 || (isObject(holder[name]) && Object.keys(holder[name]).length === 0))
    delete holder[name];
}

/** Not there, or what formats write for it. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === '-';
}

function leftOf(key: string, error: unknown): Record<string, unknown> {
  const left = restOfError(error);
  return Object.keys(left).length > 0 ? { [key]: left } : {};
}

/** Our own `data` stays as it is; other keys join it, or stand beside it as `data.data` where they would collide. */
function dataOf(rest: Record<string, unknown>): Record<string, unknown> | undefined {
  const { data, id, truncated, ...others } = rest;
  const own = typeof id === 'string' && OWN_ID.test(id);
  const left = {
    ...others,
    ...(id !== undefined && !own && { id }),
    ...(truncated !== undefined && !own && { truncated }),
  };
  const collides = isObject(data) && Object.keys(data).some((name) => Object.hasOwn(left, name));
  const all =
    isObject(data) && !collides ? { ...data, ...left } : { ...left, ...(data !== undefined && { data }) };
  return Object.keys(all).length > 0 ? all : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
