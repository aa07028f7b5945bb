import type { Level } from './level.js';

/** An error as it is stored: what it was, where it arose, and the chain of its causes. */
export interface EntryError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly code?: string | undefined;
  readonly cause?: EntryError | undefined;
  /** The members of an AggregateError. */
  readonly errors?: readonly EntryError[] | undefined;
  /** What else it carries, such as `status`, `detail` or the issues of a check. */
  readonly data?: Readonly<Record<string, JsonValue>> | undefined;
}

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/** The fields an entry may have beside those every entry has. Text past its bound (TEXT_LIMITS) is cut. */
interface OptionalFields {
  /** Canonical address ({@link canonicalIp}). */
  client_ip?: string | undefined;
  /** The client's FQDN by reverse DNS, in lower case. */
  client_hostname?: string | undefined;
  /** The host name the request was made to, in lower case. */
  proxy_hostname?: string | undefined;
  method?: string | undefined;
  path?: string | undefined;
  /** The route pattern that answered, such as `/users/:id`. */
  route?: string | undefined;
  /** 100 to 599. */
  status_code?: number | undefined;
  response_time_ms?: number | undefined;
  bytes_sent?: number | undefined;
  user_agent?: string | undefined;
  referrer?: string | undefined;
  user_id?: string | undefined;
  session_id?: string | undefined;
  /** OAuth client. */
  client_id?: string | undefined;
  trace_id?: string | undefined;
  span_id?: string | undefined;
  request_id?: string | undefined;
  /** Dotted name, such as `oauth.token`. */
  event?: string | undefined;
  outcome?: 'success' | 'failure' | undefined;
  /** What the entry is about, such as `vm-123`. */
  objects?: string[] | undefined;
  error?: EntryError | undefined;
  /** Any JSON object. */
  data?: Record<string, JsonValue> | undefined;
}

/** An entry as it is stored. */
export interface Entry extends OptionalFields {
  /** The key of its hash. */
  id: string;
  /** Epoch milliseconds. */
  timestamp: number;
  kind: 'request' | 'log';
  level: Level;
  component: string;
  message: string;
  /**
   * Place among the entries of its millisecond that one process logged, or one file held; stored whenever it is not 0. At
   * most `MAX_ORDER`. Not a part of replies, whose order shows it.
   */
  order?: number | undefined;
  /** Fields that were longer than what is stored. */
  truncated?: string[] | undefined;
}

/** An entry as it is taken in: without an id, with defaults for what is missing. */
export interface EntryInput extends OptionalFields {
  /** Epoch milliseconds. @default now */
  timestamp?: number | undefined;
  /** @default request when method and path are given, else log */
  kind?: 'request' | 'log' | undefined;
  /** @default by a request's status, else INFO */
  level?: Level | undefined;
  component?: string | undefined;
  message?: string | undefined;
}

/** An entry as it is replied: `timestamp` is ISO 8601 UTC with milliseconds. */
export interface EntryReply extends Omit<Entry, 'timestamp' | 'order'> {
  timestamp: string;
}

/** Shapes a stored entry for a reply. */
export function toEntryReply(entry: Entry): EntryReply {
  // A rest pattern without the field takes twice as long.
  const reply = { ...entry, order: undefined, timestamp: new Date(entry.timestamp).toISOString() };
  return reply;
}

const FIELDS: Readonly<Record<keyof EntryReply, true>> = {
  id: true,
  timestamp: true,
  kind: true,
  level: true,
  component: true,
  message: true,
  client_ip: true,
  client_hostname: true,
  proxy_hostname: true,
  method: true,
  path: true,
  route: true,
  status_code: true,
  response_time_ms: true,
  bytes_sent: true,
  user_agent: true,
  referrer: true,
  user_id: true,
  session_id: true,
  client_id: true,
  trace_id: true,
  span_id: true,
  request_id: true,
  event: true,
  outcome: true,
  objects: true,
  error: true,
  data: true,
  truncated: true,
};

/** Names of all fields an entry can be given; anything else a caller gives goes into `data`. */
export const ENTRY_FIELDS: ReadonlySet<string> = new Set(Object.keys(FIELDS));

/** Component of requests whose writer named none. It is the rule, so it is neither stored nor indexed. */
export const REQUEST_COMPONENT = 'http';

/** Component of other entries whose writer named none. */
export const DEFAULT_COMPONENT = 'app';

/** `component` of what the logger says of itself. */
export const LOGGER_COMPONENT = 'tailrace';

/** `event` of the entry that tells of entries that were dropped; its `data` has `reason`, `count`, `from` and `to`. */
export const DROP_EVENT = 'tailrace.dropped';
