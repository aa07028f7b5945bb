import { type Entry, REQUEST_COMPONENT } from '../entry/entry.js';
import { type Level, levelOfStatus } from '../entry/level.js';
import { oauthJoinsOf } from '../entry/oauth-details.js';
import { unmatchedValue } from '../entry/path-pattern.js';
import { EVERY_VALUE, type OutsideValues } from './outside-values.js';
import { classOf, isError, type LongerClass, type RetentionClass } from './retention.js';

/** The parts of an entry that indexes are made from. */
export type Indexable = Pick<Entry, 'kind' | 'level' | 'component'> & Partial<Entry>;

/** One family of sorted sets: member = the key of the entry's hash, score = what `scoreOf` makes of its time and order. */
export interface IndexSpec {
  readonly name: string;
  /** The key before its value; an index without values (`idx:req:errors`) is this key alone. */
  readonly prefix: string;
  /** The filter or question this index answers. */
  readonly answers: string;
  /** Which entries are in it, in words, for docs. */
  readonly holds: string;
  /** How long a member stays. `level` decides by the level the key stands for. */
  readonly retention: RetentionClass | 'by level';
  /**
   * Entries of a class kept longer than `requests` are also in `idx:{class}:{name}:{value}`, so that they are
   * found for as long as they exist.
   */
  readonly keptByClass: boolean;
  /** The field whose text is the value as it is: the batch script makes these keys itself. */
  readonly field?: TextField;
  /** The value an entry has here; `undefined`: it is not in this index. A list: once under each. */
  readonly values: (entry: Indexable, settings: ValueSettings) => string | readonly string[] | undefined;
}

/** Fields with an index of their own for each text. */
type TextField = 'client_ip' | 'client_hostname' | 'user_id' | 'client_id' | 'session_id';

/** What decides the values of an entry: what an operator can set, and what a writer does with values from outside. */
export interface ValueSettings extends IndexSettings {
  /** @default {@link EVERY_VALUE} */
  readonly outside?: OutsideValues;
}

/** What an operator can set about indexes. */
export interface IndexSettings {
  /** Requests slower than this many milliseconds are in `idx:req:slow`. @default 1000 */
  readonly slowMs: number;
}

/** @default slowMs 1000, as in spec 003 */
export const DEFAULT_INDEX_SETTINGS: IndexSettings = { slowMs: 1000 };

/** Value of an index that has none: its key is the prefix alone. */
export const NO_VALUE = '';

/** Trace ids are nearly unique: they share this many keys, and the reader checks the field. */
export const TRACE_BUCKETS = 4096;

/**
 * Every index there is. A line here is all a new index needs: writer, reader, clear, docs and tests follow.
 * One costs about 130 bytes and 1.3 µs of the server an entry, so each says whom it serves.
 */
export const INDEXES = [
  fieldIndex({
    name: 'ip',
    prefix: 'idx:req:ip:',
    answers: 'ip',
    holds: 'entries with a client IP',
    keptByClass: true,
    field: 'client_ip',
  }),
  fieldIndex({
    name: 'fqdn',
    prefix: 'idx:req:fqdn:',
    answers: 'fqdn, hostname',
    holds: 'entries with a client host name',
    keptByClass: false,
    field: 'client_hostname',
  }),
  index({
    name: 'host',
    prefix: 'idx:req:host:',
    answers: 'host, hostname',
    holds: 'entries with a proxy host name',
    retention: 'requests',
    keptByClass: false,
    values: (e, { outside = EVERY_VALUE }) => outside.hostOf(e),
  }),
  fieldIndex({
    name: 'user',
    prefix: 'idx:req:user:',
    answers: 'user',
    holds: 'entries with a user',
    keptByClass: true,
    field: 'user_id',
  }),
  index({
    name: 'status',
    prefix: 'idx:req:status:',
    answers: 'status',
    holds: 'requests',
    retention: 'requests',
    keptByClass: false,
    values: (e) => (e.kind === 'request' && e.status_code !== undefined ? String(e.status_code) : undefined),
  }),
  index({
    name: 'path',
    prefix: 'idx:req:path:',
    answers: 'path, method',
    holds: 'requests, by method and normalised path or route',
    retention: 'requests',
    keptByClass: false,
    values: (e, { outside = EVERY_VALUE }) =>
      e.kind === 'request' ? (outside.pathOf(e) ?? unmatchedValue(e.method)) : undefined,
  }),
  index({
    name: 'errors',
    prefix: 'idx:req:errors',
    answers: '/logs/errors',
    holds: 'requests with status >= 400; other entries from ERROR up, except AUDIT',
    retention: 'errors',
    keptByClass: false,
    values: (e) => (isError(e) ? NO_VALUE : undefined),
  }),
  index({
    name: 'slow',
    prefix: 'idx:req:slow',
    answers: 'no filter yet: for looking by hand',
    holds: 'requests slower than the threshold',
    retention: 'requests',
    keptByClass: false,
    values: (e, { slowMs }) =>
      e.kind === 'request' && e.response_time_ms !== undefined && e.response_time_ms > slowMs
        ? NO_VALUE
        : undefined,
  }),
  fieldIndex({
    name: 'client',
    prefix: 'idx:req:client:',
    answers: 'client',
    holds: 'entries with an OAuth client',
    keptByClass: true,
    field: 'client_id',
  }),
  fieldIndex({
    name: 'session',
    prefix: 'idx:req:session:',
    answers: 'session',
    holds: 'entries with a session',
    keptByClass: true,
    field: 'session_id',
  }),
  index({
    name: 'trace',
    prefix: 'idx:req:trace:',
    answers: 'trace',
    holds: 'entries with a trace id, hashed into buckets',
    retention: 'requests',
    keptByClass: false,
    values: (e) => (e.trace_id === undefined ? undefined : traceBucket(e.trace_id)),
  }),
  index({
    name: 'component',
    prefix: 'idx:req:component:',
    answers: 'component',
    holds: `entries of any component but "${REQUEST_COMPONENT}"`,
    retention: 'requests',
    keptByClass: false,
    values: (e) => (e.component === REQUEST_COMPONENT ? undefined : e.component),
  }),
  index({
    name: 'event',
    prefix: 'idx:req:event:',
    answers: 'event',
    holds: 'entries with an event that is not oauth.*',
    retention: 'requests',
    keptByClass: true,
    values: (e) => (e.event?.startsWith('oauth.') ? undefined : e.event),
  }),
  index({
    name: 'oauth_events',
    prefix: 'idx:req:oauth',
    answers: 'event, and with `errors` and `level:AUDIT` what is older than class requests',
    holds: 'entries with an oauth.* event',
    retention: 'oauth',
    keptByClass: false,
    values: (e) => (e.event?.startsWith('oauth.') ? NO_VALUE : undefined),
  }),
  index({
    name: 'oauth',
    prefix: 'idx:oauth:',
    answers: 'event',
    holds: 'entries with an oauth.* event',
    retention: 'oauth',
    keptByClass: false,
    values: (e) => (e.event?.startsWith('oauth.') ? e.event : undefined),
  }),
  index({
    name: 'oauth_flow',
    prefix: 'oauth:flow:',
    answers: 'the steps of one OAuth flow',
    holds: 'entries with an oauth.* event, once under the flow given and each hash that joins it to others',
    retention: 'oauth',
    keptByClass: false,
    values: (e) => (e.event?.startsWith('oauth.') ? oauthJoinsOf(e) : undefined),
  }),
  index({
    name: 'level',
    prefix: 'idx:req:level:',
    answers: 'level, min_level, and with `status` every search without a better index',
    holds: 'every entry but requests whose status says their level: those are in `idx:req:status:*`',
    retention: 'by level',
    keptByClass: false,
    values: (e) => (isLevelImplied(e) ? undefined : e.level),
  }),
  index({
    name: 'object',
    prefix: 'idx:req:object:',
    answers: 'object',
    holds: 'entries about an object, once under each',
    retention: 'requests',
    keptByClass: true,
    values: (e) => e.objects,
  }),
] as const satisfies readonly IndexSpec[];

/** Name of an index in {@link INDEXES}. */
export type IndexName = (typeof INDEXES)[number]['name'];

const BY_NAME = new Map<string, IndexSpec>(INDEXES.map((spec) => [spec.name, spec]));

/** The index of that name. */
export function indexNamed(name: IndexName): IndexSpec {
  return BY_NAME.get(name) as IndexSpec;
}

/** The retention class of one key of an index. */
export function indexRetention(spec: IndexSpec, value: string): RetentionClass {
  if (spec.retention !== 'by level') return spec.retention;
  return classOf({ kind: 'log', level: value as Level });
}

/** For each class with indexes of its own: the index all of its entries are in, for as long as they are kept. */
export const CLASS_INDEX: Readonly<Record<LongerClass, readonly [index: IndexName, value: string]>> = {
  errors: ['errors', NO_VALUE],
  oauth: ['oauth_events', NO_VALUE],
  audit: ['level', 'AUDIT'],
};

/** Nine requests in ten would be in two sorted sets of millions for the same fact; the status index is enough. */
function isLevelImplied(entry: Indexable): boolean {
  if (entry.kind === 'log' || entry.status_code === undefined) return false;
  return entry.level === levelOfStatus(entry.status_code);
}

/** The bucket of a trace id (FNV-1a, 32 bits, modulo {@link TRACE_BUCKETS}), of the text that is stored. */
export function traceBucket(traceId: string): string {
  const stored = traceId.toWellFormed();
  let hash = 0x811c9dc5;
  for (let i = 0; i < stored.length; i++) hash = Math.imul(hash ^ stored.charCodeAt(i), 0x01000193);
  return String((hash >>> 0) % TRACE_BUCKETS);
}

/** An index whose name is known as a type. */
function index<const Name extends string>(spec: IndexSpec & { readonly name: Name }) {
  return spec;
}

function fieldIndex<const Name extends string>(
  spec: Omit<IndexSpec, 'retention' | 'values'> & { readonly name: Name; readonly field: TextField },
) {
  const values = (entry: Indexable) => entry[spec.field];
  return index({ ...spec, retention: 'requests', values });
}
