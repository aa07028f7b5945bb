import {
  DEFAULT_COMPONENT,
  ENTRY_LIMITS,
  type Entry,
  type Level,
  levelOfStatus,
  OAUTH_EVENT_PREFIX,
  parseLevel,
  REQUEST_COMPONENT,
  TEXT_LIMITS,
} from '@tailrace/schema';
import { CAMEL_CASE_FIELDS } from '../record/camel-case.js';
import type { LogRecord } from '../record/log-record.js';
import { setOwn } from '../record/own-property.js';
import type { Redactor } from '../redaction/redactor.js';
import { boundData } from './bound-data.js';
import { cleanText, cutTo } from './clean-text.js';
import { entryError } from './entry-error.js';
import { hashJoins } from './hash-joins.js';
import { canonicalIpCached } from './known-ips.js';

/** An entry while it is put together; its id and its order are given when its batch is numbered. */
type Draft = { -readonly [Name in keyof Entry]: Entry[Name] };

/**
 * Turns a record into an entry: known fields by their type, canonical and bounded; everything else, also a known
 * field with a value that is not of its type, into `data`, so that nothing given is lost. Never throws. A request
 * without a message keeps an empty one: readers make its request line.
 */
export function buildEntry(record: LogRecord, redactor: Redactor): Entry {
  const isRequest = record.kind === 'request';
  const entry: Draft = {
    id: '',
    timestamp: record.timestamp,
    kind: record.kind,
    level: record.level ?? UNSET,
    component: isRequest ? REQUEST_COMPONENT : DEFAULT_COMPONENT,
    message: '',
    order: record.order,
  };
  if (record.context !== undefined) assignFields(entry, record.context, redactor);
  if (record.line !== undefined) {
    assignFields(entry, record.line as unknown as Record<string, unknown>, redactor);
  }
  assignFields(entry, record.fields, redactor);
  if (record.truncated) markTruncated(entry, 'data');
  const errorLetters = entry.error === undefined ? 0 : assignError(entry, entry.error, redactor);
  if (entry.data !== undefined) {
    const data = redactor.data(withHashedJoins(entry, entry.data, redactor));
    assignData(entry, record.bytes > LARGE_BYTES ? boundedData(entry, data, errorLetters) : data);
  }
  if (entry.level === UNSET) entry.level = levelOfStatus(entry.status_code);
  if (record.message !== undefined) {
    entry.message = boundText(entry, 'message', record.message, (text) => redactor.text(text));
  }
  redactor.places(entry);
  return entry;
}

/** No smaller record comes near the bounds of `data`, whatever takes the place of its secrets. */
const LARGE_BYTES = 16_384;

/** A request's level until its status is known. */
const UNSET = '' as Level;

function assignFields(entry: Draft, fields: Readonly<Record<string, unknown>>, redactor: Redactor): void {
  let rest: Record<string, unknown> | undefined;
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    if (ASSIGN[name]?.(entry, value, redactor, fields) === true) continue;
    rest ??= {};
    setOwn(rest, name, value);
  }
  if (rest !== undefined) assignData(entry, { ...entry.data, ...rest });
}

type Assign = (
  entry: Draft,
  value: unknown,
  redactor: Redactor,
  fields: Readonly<Record<string, unknown>>,
) => boolean;

/** How secrets in a field's text are found; each look costs every entry, so only where they can be. */
type Clean = (redactor: Redactor, text: string) => string;

const anywhere: Clean = (redactor, text) => redactor.text(text);
/** Tokens and keys, but no names with a value behind. */
const byShape: Clean = (redactor, text) => redactor.shapes(text);
const asTraceId: Clean = (redactor, text) => redactor.traceId(text);
/** Likewise, where few texts come often. */
const byShapeOnce: Clean = (redactor, text) => redactor.repeatedShapes(text);

/** Sets one field from a value; `false` when the value is not of the field's type. */
const ASSIGN: Record<string, Assign | undefined> = Object.assign(Object.create(null), {
  timestamp: (entry, value) => {
    const time =
      value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : value;
    if (typeof time !== 'number' || !(Math.abs(time) <= 8.64e15)) return false;
    entry.timestamp = Math.floor(time);
    return true;
  },
  level: (entry, value) => {
    const level = typeof value === 'string' ? parseLevel(value) : undefined;
    // What the call itself says of the level wins.
    if (level === undefined || entry.level !== UNSET) return false;
    entry.level = level;
    return true;
  },
  component: textField('component', anywhere, (entry, text) => {
    entry.component = text;
  }),
  client_ip: (entry, value) => {
    const ip = typeof value === 'string' ? canonicalIpCached(value) : undefined;
    if (ip === undefined) return false;
    entry.client_ip = ip;
    return true;
  },
  client_hostname: textField('client_hostname', byShape, (entry, text) => {
    entry.client_hostname = text.toLowerCase();
  }),
  proxy_hostname: textField('proxy_hostname', byShape, (entry, text) => {
    entry.proxy_hostname = text.toLowerCase();
  }),
  method: textField('method', byShape, (entry, text) => {
    entry.method = text;
  }),
  path: textField('path', anywhere, (entry, text) => {
    entry.path = text;
  }),
  route: textField('route', anywhere, (entry, text) => {
    entry.route = text;
  }),
  status_code: (entry, value) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 100 || value > 599) return false;
    entry.status_code = value;
    return true;
  },
  response_time_ms: (entry, value) => {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1e9)) return false;
    entry.response_time_ms = Math.round(value * 1000) / 1000;
    return true;
  },
  bytes_sent: (entry, value) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) return false;
    entry.bytes_sent = value;
    return true;
  },
  user_agent: textField('user_agent', byShapeOnce, (entry, text) => {
    entry.user_agent = text;
  }),
  referrer: textField('referrer', anywhere, (entry, text) => {
    entry.referrer = text;
  }),
  user_id: idField('user_id', (entry, text) => {
    entry.user_id = text;
  }),
  session_id: idField('session_id', (entry, text) => {
    entry.session_id = text;
  }),
  client_id: idField('client_id', (entry, text) => {
    entry.client_id = text;
  }),
  trace_id: idField(
    'trace_id',
    (entry, text) => {
      entry.trace_id = text;
    },
    asTraceId,
  ),
  span_id: idField(
    'span_id',
    (entry, text) => {
      entry.span_id = text;
    },
    asTraceId,
  ),
  request_id: idField('request_id', (entry, text) => {
    entry.request_id = text;
  }),
  event: textField('event', anywhere, (entry, text) => {
    entry.event = text;
  }),
  outcome: (entry, value) => {
    if (value !== 'success' && value !== 'failure') return false;
    entry.outcome = value;
    return true;
  },
  objects: (entry, value, redactor) => {
    if (!Array.isArray(value) || !value.every((object) => typeof object === 'string' && object !== ''))
      return false;
    entry.objects = value
      .slice(0, ENTRY_LIMITS.objects)
      .map(
        (object: string) => cleanText(object, ENTRY_LIMITS.objectLength, (text) => redactor.text(text)).text,
      );
    if (value.length > ENTRY_LIMITS.objects) markTruncated(entry, 'objects');
    return value.length > 0;
  },
  error: (entry, value) => {
    // As it was given: what is kept of it is settled when it is known that no other takes its place.
    entry.error = value as NonNullable<Entry['error']>;
    return true;
  },
  data: (entry, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const data = value as Record<string, unknown>;
    assignData(entry, entry.data === undefined ? data : { ...entry.data, ...data });
    return true;
  },
} satisfies Record<string, Assign>);

/** `userId` is `user_id`, where that is not given as well. */
function camelCase(name: string): Assign {
  const assign = ASSIGN[name] as Assign;
  return (entry, value, redactor, fields) =>
    (fields[name] === undefined || fields[name] === null) && assign(entry, value, redactor, fields);
}

for (const [camel, name] of CAMEL_CASE_FIELDS) ASSIGN[camel] = camelCase(name);

type TextName = keyof typeof TEXT_LIMITS;

/**
 * @param set is a function of its own for each field, because one store shared by all of them would be too slow: V8
 *   makes it fast only where it always meets the same name.
 */
function textField(name: TextName, clean: Clean, set: (entry: Draft, text: string) => void): Assign {
  return (entry, value, redactor) => {
    if (typeof value !== 'string' || value === '') return false;
    // Nearly every text is short, and makes no closure.
    set(
      entry,
      value.length > TEXT_LIMITS[name]
        ? boundText(entry, name, value, (text) => clean(redactor, text))
        : boundShort(entry, name, clean(redactor, value)),
    );
    return true;
  };
}

/** Ids are often numbers in the application; in an entry they are text. */
function idField(name: TextName, set: (entry: Draft, text: string) => void, clean: Clean = byShape): Assign {
  const assign = textField(name, clean, set);
  return (entry, value, redactor, fields) =>
    assign(entry, typeof value === 'number' ? String(value) : value, redactor, fields);
}

function boundText(entry: Draft, name: TextName, value: string, clean: (text: string) => string): string {
  const { text, isCut } = cleanText(value, TEXT_LIMITS[name], clean);
  if (isCut) markTruncated(entry, name);
  return text;
}

function boundShort(entry: Draft, name: TextName, cleaned: string): string {
  const limit = TEXT_LIMITS[name];
  if (cleaned.length > limit) markTruncated(entry, name);
  return cutTo(cleaned, limit);
}

function markTruncated(entry: Draft, name: string): void {
  if (entry.truncated?.includes(name) !== true) entry.truncated = [...(entry.truncated ?? []), name];
}

/** What joins the steps of an OAuth flow is secret by its place, also where it looks like a word. */
function withHashedJoins(
  { event }: Draft,
  data: Record<string, unknown>,
  redactor: Redactor,
): Record<string, unknown> {
  const { oauth } = data;
  if (event?.startsWith(OAUTH_EVENT_PREFIX) !== true) return data;
  if (typeof oauth !== 'object' || oauth === null || Array.isArray(oauth)) return data;
  const hash = (kind: string, value: string) => redactor.hash(kind, value);
  return { ...data, oauth: hashJoins(oauth as Record<string, unknown>, hash) };
}

/** @returns code units of the error */
function assignError(entry: Draft, given: unknown, redactor: Redactor): number {
  const { error, isCut, letters } = entryError(given, redactor);
  entry.error = error;
  if (isCut) markTruncated(entry, 'error');
  return letters;
}

function boundedData(
  entry: Draft,
  given: Record<string, unknown>,
  errorLetters: number,
): Record<string, unknown> {
  const { data, isCut } = boundData(given, ENTRY_LIMITS.dataLength - errorLetters);
  if (isCut) markTruncated(entry, 'data');
  return data;
}

function assignData(entry: Draft, data: Record<string, unknown>): void {
  entry.data = data as NonNullable<Entry['data']>;
}
