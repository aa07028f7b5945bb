import { readLevel } from '../values/level-words.js';
import { type FieldSource, from, type ReadValue } from './field-source.js';
import { errorOfStack, readError } from './json-error.js';
import type { JsonRecord } from './json-record.js';
import {
  readCount,
  readDuration,
  readHostName,
  readIp,
  readMessage,
  readMethod,
  readOutcome,
  readPath,
  readStatus,
  readText,
  readTime,
  scaled,
} from './json-values.js';

/** Words such as `code`, `ip` and `host` mean a request's only beside a request. */
function ofRequest(read: ReadValue): ReadValue {
  return (value, record, context) => (isRequest(record) ? read(value, record, context) : undefined);
}

const SIGNS = ['request', 'req', 'request_method', 'http_method', 'request_uri', 'uri', 'url'];

function isRequest(record: JsonRecord): boolean {
  return SIGNS.some((sign) => sign in record) || readMethod(record.method ?? record.verb) !== undefined;
}

/** A component; a duration is the time a service took (Heroku's router), no name. */
const readComponent: ReadValue = (value) => (readDuration(value) === undefined ? readText(value) : undefined);

/** An event's name has no spaces; structlog calls its message so. */
const readEvent: ReadValue = (value) => (typeof value === 'string' && !/\s/.test(value) ? value : undefined);

const hasLevel: ReadValue = (value, record) =>
  'level' in record || 'levelname' in record || 'severity' in record ? readText(value) : undefined;

/** When, how grave, what, by whom: what every logger writes. */
export const CORE_FIELDS: readonly FieldSource[] = [
  from(
    'timestamp',
    'timestamp time ts @timestamp datetime date t eventTime event_time time_iso8601',
    readTime,
  ),
  from('kind', 'kind', (value) => (value === 'request' || value === 'log' ? value : undefined)),
  from('level', 'level severity levelname log_level log.level lvl loglevel', readLevel),
  from('message', 'message msg short_message log', readMessage),
  from('component', 'component service logger service.name loggerName logger_name', readComponent),
];

/** A logger's own name, where nothing else names a component; `name` alone could be anybody's. */
export const NAME_FIELDS: readonly FieldSource[] = [from('component', 'name', hasLevel)];

/** A request, as applications write it into their logs. */
export const REQUEST_FIELDS: readonly FieldSource[] = [
  from('method', 'method request_method req.method request.method http_method verb', readMethod),
  from('proxy_hostname', 'proxy_hostname vhost http_host req.headers.host request.host', readHostName),
  from('proxy_hostname', 'req.host req.hostname', readHostName),
  from('path', 'request', (value) =>
    typeof value === 'string' && value.startsWith('/') ? value : undefined,
  ),
  from('path', 'path request_uri uri url req.url request.uri request_path', readPath),
  from('route', 'route', readText),
  from('client_ip', 'client_ip remote_addr remote_ip clientip request.client_ip request.remote_ip', readIp),
  from('client_ip', 'req.remoteAddress remoteAddress', readIp),
  from('client_ip', 'ip client clientIp clientIP remoteIp remoteIP remoteAddr', ofRequest(readIp)),
  from('client_hostname', 'client_hostname client_fqdn', readText),
  from('proxy_hostname', 'server_name host', ofRequest(readHostName)),
  from('status_code', 'status_code statusCode res.statusCode status', readStatus),
  from('status_code', 'code response', ofRequest(readStatus)),
  from('response_time_ms', 'response_time_ms responseTime duration_ms durationMs elapsed_ms', readCount),
  from('response_time_ms', 'request_time', scaled(1000)),
  from('response_time_ms', 'duration latency elapsed', readDuration),
  from('bytes_sent', 'bytes_sent bytes body_bytes_sent', readCount),
  from('bytes_sent', 'size', ofRequest(readCount)),
  from('user_agent', 'user_agent userAgent agent http_user_agent req.headers.user-agent', readText),
  from('referrer', 'referrer referer http_referer req.headers.referer req.headers.referrer', readText),
];

/** Who, and what belongs together. */
export const IDENTITY_FIELDS: readonly FieldSource[] = [
  from('user_id', 'user_id userId remote_user username user user.id user.name', readText),
  from('session_id', 'session_id sessionId session', readText),
  from('client_id', 'client_id clientId', readText),
  from('trace_id', 'trace_id traceId traceID trace.id', readText),
  from('span_id', 'span_id spanId span.id', readText),
  from('request_id', 'request_id requestId reqId req_id req.id', readText),
];

/** What it was and how it went. */
export const OUTCOME_FIELDS: readonly FieldSource[] = [
  from('event', 'event event.type event.name event.action event_type eventType', readEvent),
  from('outcome', 'outcome status result', readOutcome),
  from('objects', 'objects', (value) => (Array.isArray(value) ? value : undefined)),
  from('error', 'error err exception', (value) => readError(value)),
  from('error', 'stack stack_trace', (value) =>
    typeof value === 'string' ? errorOfStack(value) : undefined,
  ),
  from('message', 'event', (value) => (typeof value === 'string' && /\s/.test(value) ? value : undefined)),
];

/** What an application's log may say beside what its logger writes. */
export const APPLICATION_FIELDS: readonly FieldSource[] = [
  ...REQUEST_FIELDS,
  ...IDENTITY_FIELDS,
  ...OUTCOME_FIELDS,
];

/** All that is recognised without knowing who wrote it. */
export const GENERIC_FIELDS: readonly FieldSource[] = [...CORE_FIELDS, ...NAME_FIELDS, ...APPLICATION_FIELDS];
