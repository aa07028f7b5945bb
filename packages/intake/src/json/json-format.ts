import type { Format, ReadContext, SourceLine } from '../format.js';
import { type Candidate, type ParsedLine, refuse } from '../parsed-line.js';
import { type FieldSource, readFields } from './field-source.js';
import { isRecord, type JsonRecord } from './json-record.js';
import { splitRecordRequest } from './record-request.js';

/** What is told apart of a JSON format. */
export interface JsonFormatParts {
  readonly name: string;
  readonly title: string;
  readonly reference: string;
  readonly detect: (record: JsonRecord) => boolean;
  /** Where fields stand, best first; what none of them takes goes to `data`. */
  readonly fields: readonly FieldSource[];
  /**
   * What keys do not tell: fields read already, and the record without them. A refusal ends the line.
   *
   * @default nothing read, and a copy of the record
   */
  readonly prepare?: (record: JsonRecord, context: ReadContext) => Prepared | ReturnType<typeof refuse>;
  readonly isGeneric?: boolean;
}

/** @see JsonFormatParts.prepare */
export interface Prepared {
  readonly entry: Candidate;
  readonly rest: Record<string, unknown>;
}

/** Keys that hold an entry's time; a value there that is none would make the entry another one. */
const TIME_KEYS = ['timestamp', 'time', 'ts', '@timestamp'];

/** Makes a format of lines that are JSON objects. */
export function jsonFormat(parts: JsonFormatParts): Format {
  const { name, title, reference, detect, isGeneric = false } = parts;
  return {
    name,
    title,
    reference,
    isGeneric,
    isJson: true,
    detect: ({ record }) => record !== undefined && detect(record),
    parse: (line, context) => parseJson(line, parts, context),
  };
}

function parseJson({ record }: SourceLine, parts: JsonFormatParts, context: ReadContext): ParsedLine {
  if (record === undefined) return refuse('invalid_json', 'is no JSON object');
  const prepared = parts.prepare?.(record, context) ?? { entry: {}, rest: { ...record } };
  if ('refused' in prepared) return prepared;
  return readPrepared(prepared, parts.fields, context);
}

/** Reads the fields of a record of which some things are known already. */
export function readPrepared(
  { entry, rest }: Prepared,
  fields: readonly FieldSource[],
  context: ReadContext,
): ParsedLine {
  splitRecordRequest(rest, entry);
  readFields(rest, entry, fields, context);
  const badTime = entry.timestamp === undefined ? TIME_KEYS.find((key) => rest[key]) : undefined;
  if (badTime !== undefined) {
    const shown = JSON.stringify(rest[badTime])?.slice(0, 100);
    return refuse('invalid_time', `${badTime} is no time that is understood: ${shown}`);
  }
  entry.data = dataOf(entry.data, rest);
  return { entry };
}

/** Ids of Tailrace's own entries: an imported entry gets a new one. */
const OWN_ID = /^(.{0,200}:)?(req|log):\d+:/;

/** What the gateway gives an entry; an imported one gets it anew. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['id', 'truncated', 'order']);

/** Our own `data` stays as it is; other keys join it, or stand beside it as `data.data` where they would collide. */
function dataOf(known: unknown, rest: Record<string, unknown>): Record<string, unknown> | undefined {
  const own = typeof rest.id === 'string' && OWN_ID.test(rest.id);
  const left = Object.entries(rest).filter(
    ([name, value]) => value !== undefined && name !== 'data' && !(own && OWN_FIELDS.has(name)),
  );
  const { data } = rest;
  const others = isRecord(known) ? [...Object.entries(known), ...left] : left;
  const isJoined = isRecord(data) && !others.some(([name]) => Object.hasOwn(data, name));
  const all = Object.fromEntries([
    ...(isJoined ? Object.entries(data) : []),
    ...others,
    ...(data === undefined || isJoined ? [] : [['data', data] as const]),
  ]);
  return Object.keys(all).length > 0 ? all : undefined;
}
