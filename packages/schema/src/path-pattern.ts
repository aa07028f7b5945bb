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

/** The method part of `idx:req:path:{METHOD}:{path}`: upper case, and `OTHER` for what no RFC knows. */
export function methodKey(method: string): string {
  const upper = method.toUpperCase();
  return KNOWN_METHODS.has(upper) ? upper : 'OTHER';
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
 * it, {@link UNMATCHED_PATTERN} when the answer says there is no such thing (400, 404, 405, 410), else the
 * {@link pathPattern}.
 *
 * @returns `undefined` when there is no method or no path.
 */
export function pathValue(request: PathOfRequest): string | undefined {
  const { method, path, route, status_code } = request;
  if (method === undefined || path === undefined) return undefined;
  const isUnmatched = route === undefined && status_code !== undefined && UNMATCHED_STATUS.has(status_code);
  return methodValue(
    method,
    isUnmatched ? UNMATCHED_PATTERN : (route ?? path),
    isUnmatched || route !== undefined,
  );
}

/** Most requests repeat a path seen a moment ago; the write path makes its value once. */
const MAX_KNOWN_VALUES = 4096;
const MAX_KNOWN_LENGTH = 256;
let knownValues = new Map<string, Map<string, string>>();

function methodValue(method: string, path: string, isPattern: boolean): string {
  const known = knownValues.get(path)?.get(method);
  if (known !== undefined) return known;
  const value = `${methodKey(method)}:${isPattern ? path : pathPattern(path)}`;
  if (path.length <= MAX_KNOWN_LENGTH && method.length <= MAX_KNOWN_LENGTH) remember(method, path, value);
  return value;
}

function remember(method: string, path: string, value: string): void {
  if (knownValues.size >= MAX_KNOWN_VALUES) knownValues = new Map();
  const values = knownValues.get(path) ?? new Map<string, string>();
  if (values.size < MAX_KNOWN_LENGTH) values.set(method, value);
  knownValues.set(path, values);
}
