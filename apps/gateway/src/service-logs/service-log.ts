import { OWN_ID_FIELD, type ServiceLog, type ServiceLogInput } from '@tailrace/api';
import { ENTRY_FIELDS, type Entry, type JsonValue } from '@tailrace/schema';
import type { SentEntry } from '../intake/write-once.js';

/** The entry of a log of a service: what an entry has no field for stands in its `data`. */
export function entryOfServiceLog(log: ServiceLogInput): SentEntry {
  const { id, service, context, correlation_id, tags, created_at, ...same } = log;
  const beside = { correlation_id, tags, created_at, [OWN_ID_FIELD]: id };
  const given = Object.entries(beside).filter(([, value]) => value !== undefined) as [string, JsonValue][];
  const data = { ...context, ...Object.fromEntries(given) };
  const entry = { ...same, component: service, ...(Object.keys(data).length > 0 && { data }) };
  return { entry: { ...entry, kind: 'log' }, ownId: id };
}

/** Fields of an entry that a log of a service has under its own names, or not at all. */
const OWN_PLACE: ReadonlySet<string> = new Set([
  'id',
  'timestamp',
  'kind',
  'level',
  'component',
  'message',
  'trace_id',
  'span_id',
  'user_id',
  'request_id',
  'data',
]);
const IN_CONTEXT = [...ENTRY_FIELDS].filter((field) => !OWN_PLACE.has(field)) as readonly (keyof Entry)[];

/** An entry of any origin as the log of a service: what such a log has no field for stands in its `context`. */
export function serviceLogOf(entry: Entry): ServiceLog {
  const { id, level, component, message, trace_id, span_id, user_id, request_id, data } = entry;
  const timestamp = new Date(entry.timestamp).toISOString();
  const context: Record<string, JsonValue> = { ...data };
  const take = <T extends JsonValue>(name: string, fits: (value: JsonValue | undefined) => value is T) => {
    const value = context[name];
    if (!Object.hasOwn(context, name) || !fits(value)) return undefined;
    delete context[name];
    return value;
  };
  const ownId = take(OWN_ID_FIELD, isText);
  const correlation_id = take('correlation_id', isText);
  const tags = take('tags', isTexts) ?? [];
  const created_at = take('created_at', isInstant) ?? timestamp;
  for (const field of IN_CONTEXT) {
    if (entry[field] !== undefined) context[field] = entry[field] as JsonValue;
  }
  return {
    id: ownId ?? id,
    timestamp,
    level,
    service: component,
    message,
    context,
    trace_id,
    span_id,
    user_id,
    request_id,
    correlation_id,
    tags,
    created_at,
  };
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string';
}

function isTexts(value: JsonValue | undefined): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isInstant(value: JsonValue | undefined): value is string {
  return isText(value) && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
