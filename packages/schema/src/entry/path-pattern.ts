const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d{2}-\d{2}/;
const NUMBER = /^\d+$/;
const HEX_HASH = /^(?=.*\d)[0-9a-f]{8,}$/i;
const MAX_SEGMENTS = 6;
const MAX_SEGMENT_LENGTH = 40;

/** Methods that stand in a key as they are (RFC 9110, RFC 5789); any other becomes `OTHER`. */
const KNOWN_METHODS = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
]);

const OTHER_METHOD = 'OTHER';

/** Every method part a path value can have. */
export const METHOD_KEYS: readonly string[] = [...KNOWN_METHODS, OTHER_METHOD];

/** The method part of `idx:req:path:{METHOD}:{path}`: upper case, and `OTHER` for what no RFC knows. */
export function methodKey(method: string): string {
  const upper = method.toUpperCase();
  return KNOWN_METHODS.has(upper) ? upper : OTHER_METHOD;
}

/**
 * The pattern a path is counted and indexed under: numbers, UUIDs, dates and hashes become `:number`, `:uuid`,
 * `:date`, `:hash`; query and fragment are dropped; segments past the sixth become `*`, overlong ones `:long`.
 * `/users/123` and `/users/456` are one pattern, `/users/:number`.
 */
export function pathPattern(path: string): string {
  const end = path.search(/[?#]/);
  const segments = (end === -1 ? path : path.slice(0, end)).split('/');
  const kept = segments.slice(0, MAX_SEGMENTS + 1).map(segmentPattern);
  return (segments.length > kept.length ? [...kept, '*'] : kept).join('/') || '/';
}

function segmentPattern(segment: string): string {
  if (NUMBER.test(segment)) return ':number';
  if (UUID.test(segment)) return ':uuid';
  if (DATE.test(segment)) return ':date';
  if (HEX_HASH.test(segment)) return ':hash';
  return segment.length > MAX_SEGMENT_LENGTH ? ':long' : segment;
}

/** Where requests nobody answers for are indexed, so that a scanner's paths do not each become a key. */
export const UNMATCHED_PATTERN = '(unmatched)';
const UNMATCHED_STATUS = new Set([400, 404, 405, 410]);

/** What of a request says where its path is indexed and counted. */
export interface PathOfRequest {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly route?: string | undefined;
  readonly status_code?: number | undefined;
}

/**
 * `METHOD:pattern`, the value of the path index and the member of `stats:paths:*`: the route when the application named
 * one that fits the path, {@link UNMATCHED_PATTERN} when the answer says there is no such thing (400, 404, 405, 410),
 * else the {@link pathPattern}.
 *
 * @returns `undefined` when there is no method or no path.
 */
export function pathValue(request: PathOfRequest): string | undefined {
  const { method, path, route, status_code } = request;
  if (method === undefined || path === undefined) return undefined;
  if (route !== undefined && isRouteOf(route, path)) return `${methodKey(method)}:${route}`;
  const isUnmatched = status_code !== undefined && UNMATCHED_STATUS.has(status_code);
  return isUnmatched ? unmatchedValue(method) : patternValue(method, path);
}

/** Where a request is indexed that has no {@link pathValue}, for want of a method or a path. */
export function unmatchedValue(method = ''): string {
  return `${methodKey(method)}:${UNMATCHED_PATTERN}`;
}

/**
 * The part of a route or pattern before its first parameter or other special character. Every path indexed under a
 * pattern begins with this part, and is this part when that is the whole pattern: search relies on it. (The empty
 * path is under `/`.)
 */
export function literalStart(pattern: string): string {
  const end = pattern.search(SPECIAL);
  return end === -1 ? pattern : pattern.slice(0, end);
}

const SPECIAL = /[:*{<[(?#+^$|\\]/;

/** A route that another part of the application has put before itself (`/:id` for `/users/7`) would mislead search. */
function isRouteOf(route: string, path: string): boolean {
  const start = literalStart(route);
  if (start.length < route.length) return path.startsWith(start);
  const next = path.charAt(route.length);
  return path.startsWith(route) && (next === '' || next === '?' || next === '#');
}

/** Most requests repeat a path seen a moment ago; the write path makes its value once, and asks twice for each entry. */
const MAX_KNOWN_VALUES = 4096;
const MAX_KNOWN_LENGTH = 256;
let knownValues = new Map<string, Map<string, string>>();

let lastMethod: string | undefined;
let lastPath = '';
let lastValue = '';

function patternValue(method: string, path: string): string {
  if (path === lastPath && method === lastMethod) return lastValue;
  lastValue = knownValue(method, path);
  lastMethod = method;
  lastPath = path;
  return lastValue;
}

function knownValue(method: string, path: string): string {
  const known = knownValues.get(path)?.get(method);
  if (known !== undefined) return known;
  const value = `${methodKey(method)}:${pathPattern(path)}`;
  if (path.length <= MAX_KNOWN_LENGTH && method.length <= MAX_KNOWN_LENGTH) remember(method, path, value);
  return value;
}

function remember(method: string, path: string, value: string): void {
  if (knownValues.size >= MAX_KNOWN_VALUES) knownValues = new Map();
  const values = knownValues.get(path) ?? new Map<string, string>();
  if (values.size < MAX_KNOWN_LENGTH) values.set(method, value);
  knownValues.set(path, values);
}
