import { canonicalIp } from '@tailrace/schema';
import type { Candidate } from '../parsed-line.js';
import { readLevel } from '../values/level-words.js';
import { parseRequestLine } from '../values/request-line.js';
import { parseTime } from '../values/time-text.js';
import { readError } from './json-error.js';
import { readDuration, readNumber, readText, scaled } from './json-values.js';

/** A JSON object as it came from a line. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Reads a value for a field; `undefined` when this is none: then it stays where it was. */
export type ReadValue = (value: unknown, record: JsonRecord) => unknown;

/** Where an entry's field stands in other programs' logs. */
export interface FieldSource {
  readonly field: keyof Candidate;
  /** Keys, best first; `req.method` is that key, or `method` in the object `req`. */
  readonly keys: readonly string[];
  readonly read: ReadValue;
}

/**
 * What is recognised, the first that fits, from: Tailrace itself, pino and pino-http, bunyan, winston, Python's
 * structured loggers, GELF, Docker, Caddy, Traefik, nginx with a JSON `log_format`, Logstash.
 */
export const FIELD_SOURCES: readonly FieldSource[] = [
  from('timestamp', 'timestamp time ts @timestamp datetime date StartUTC time_iso8601 time_local', parseTime),
  from('kind', 'kind', (value) => (value === 'request' || value === 'log' ? value : undefined)),
  from('level', 'level severity levelname log_level log.level lvl', readLevel),
  from('message', 'message msg short_message log', readText),
  from('component', 'component service logger service.name', readText),
  from('component', 'name', (value, record) => (hasLevel(record) ? readText(value) : undefined)),
  from('method', 'method request_method req.method request.method RequestMethod http_method verb', readText),
  from('path', 'request', (value) =>
    typeof value === 'string' && value.startsWith('/') ? value : undefined,
  ),
  from('path', 'path request_uri uri url req.url request.uri RequestPath request_path', readText),
  from('route', 'route', readText),
  from('client_ip', 'client_ip remote_addr remote_ip clientip request.client_ip request.remote_ip', readIp),
  from('client_ip', 'ClientHost ClientAddr req.remoteAddress remoteAddress ip', readIp),
  from('client_hostname', 'client_hostname client_fqdn', readText),
  from('proxy_hostname', 'proxy_hostname vhost server_name http_host request.host RequestHost', readHost),
  from('proxy_hostname', 'req.headers.host host', ofRequest(readHost)),
  from('status_code', 'status_code statusCode res.statusCode DownstreamStatus status', readStatus),
  from('status_code', 'code response', ofRequest(readStatus)),
  from('response_time_ms', 'response_time_ms responseTime duration_ms durationMs elapsed_ms', readNumber),
  from('response_time_ms', 'request_time', scaled(1000)),
  from('response_time_ms', 'duration Duration latency elapsed', readDuration),
  from('bytes_sent', 'bytes_sent bytes body_bytes_sent DownstreamContentSize', readNumber),
  from('bytes_sent', 'size', ofRequest(readNumber)),
  from('user_agent', 'user_agent userAgent agent http_user_agent req.headers.user-agent', readText),
  from('user_agent', 'request.headers.User-Agent request_User-Agent', readText),
  from('referrer', 'referrer referer http_referer req.headers.referer', readText),
  from('referrer', 'request.headers.Referer request_Referer', readText),
  from('user_id', 'user_id userId remote_user username user ClientUsername', readText),
  from('session_id', 'session_id sessionId session', readText),
  from('client_id', 'client_id clientId', readText),
  from('trace_id', 'trace_id traceId traceID trace.id', readText),
  from('span_id', 'span_id spanId span.id', readText),
  from('request_id', 'request_id requestId reqId req_id req.id', readText),
  from('event', 'event event_type eventType', readText),
  from('outcome', 'outcome status result', readOutcome),
  from('objects', 'objects', (value) => (Array.isArray(value) ? value : undefined)),
  from('error', 'error err exception', readError),
];

/** Splits a request line given as one value, as nginx's `$request` is. */
export function splitRequestLine(record: JsonRecord): JsonRecord {
  const line = typeof record.request === 'string' ? parseRequestLine(record.request) : undefined;
  if (line === undefined) return record;
  const { request: _, ...others } = record;
  return { ...line, ...others };
}

function from(field: keyof Candidate, keys: string, read: ReadValue): FieldSource {
  return { field, keys: keys.split(' '), read };
}

/** Words such as `code` and `host` mean a request's only beside a request. */
function ofRequest(read: ReadValue): ReadValue {
  const signs = ['method', 'request', 'req', 'verb', 'request_method', 'uri', 'url'];
  return (value, record) => (signs.some((sign) => sign in record) ? read(value, record) : undefined);
}

function hasLevel(record: JsonRecord): boolean {
  return 'level' in record || 'levelname' in record || 'severity' in record;
}

/** An address, also with a port behind it. */
function readIp(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return canonicalIp(value) ?? canonicalIp(value.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1'));
}

function readHost(value: unknown): string | undefined {
  return readText(value)?.replace(/:\d+$/, '');
}

function readStatus(value: unknown): number | undefined {
  const status = readNumber(value);
  return status !== undefined && status >= 100 && status <= 599 ? status : undefined;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  success: 'success',
  succeeded: 'success',
  ok: 'success',
  failure: 'failure',
  failed: 'failure',
  error: 'failure',
};

function readOutcome(value: unknown): string | undefined {
  return typeof value === 'string' ? OUTCOMES[value.toLowerCase()] : undefined;
}
