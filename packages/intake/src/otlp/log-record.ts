import type { ReadContext } from '../format.js';
import { type FieldSource, from } from '../json/field-source.js';
import { readPrepared } from '../json/json-format.js';
import { isRecord, type JsonRecord } from '../json/json-record.js';
import { readCount, readHostName, readIp, readMethod, readStatus, readText } from '../json/json-values.js';
import { type Candidate, type ParsedLine, refuse } from '../parsed-line.js';
import { readLevel } from '../values/level-words.js';
import { splitTarget } from '../values/request-line.js';
import { otlpAttributes, otlpValue } from './otlp-value.js';

/** The semantic conventions, those of before 1.21 too. */
const FIELDS: readonly FieldSource[] = [
  from('method', 'http.request.method http.method', readMethod),
  from('route', 'http.route', readText),
  from('client_ip', 'client.address http.client_ip', readIp),
  from('proxy_hostname', 'server.address http.host http.server_name net.host.name', readHostName),
  from('status_code', 'http.response.status_code http.status_code', readStatus),
  from('bytes_sent', 'http.response.body.size http.response.size http.response_content_length', readCount),
  from('user_agent', 'user_agent.original http.user_agent', readText),
  from('referrer', 'http.request.header.referer', readText),
  from('user_id', 'user.id enduser.id user.name', readText),
  from('session_id', 'session.id', readText),
  from('event', 'event.name', readText),
  // Of our own logger, for what no convention has a name.
  from('client_hostname', 'client_hostname', readHostName),
  from('trace_id', 'trace_id', readText),
  from('span_id', 'span_id', readText),
  from('client_id', 'client_id', readText),
  from('request_id', 'request_id', readText),
  from('response_time_ms', 'response_time_ms', readCount),
  from('outcome', 'outcome', (value) => (value === 'success' || value === 'failure' ? value : undefined)),
  from('objects', 'objects', (value) => (isTexts(value) ? value : undefined)),
];
/** SeverityNumber 1-4 TRACE, 5-8 DEBUG, 9-12 INFO, 13-16 WARN, 17-20 ERROR, 21-24 FATAL. */
const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** What log records stand in, read once for all of them. */
export interface LogSurroundings {
  /** The resource's attributes. */
  readonly resource: JsonRecord;
  /** What `data` says of the instrumentation scope. */
  readonly scope: JsonRecord;
  /** Characters of both as JSON, which every entry repeats. */
  readonly size: number;
}

/** Reads what stands around the records of a Resource; it may be missing. */
export function readResource(given: unknown): LogSurroundings {
  const resource = otlpAttributes(isRecord(given) ? given.attributes : undefined);
  return { resource, scope: {}, size: JSON.stringify(resource).length };
}

/** Adds an InstrumentationScope, which may be missing. */
export function withScope({ resource, size }: LogSurroundings, given: unknown): LogSurroundings {
  const { name, version, attributes } = isRecord(given) ? given : ({} as JsonRecord);
  const scopeAttributes = otlpAttributes(attributes);
  const scope = {
    ...(typeof name === 'string' && name !== '' && { scope: name }),
    ...(typeof version === 'string' && version !== '' && { scope_version: version }),
    ...(Object.keys(scopeAttributes).length > 0 && { scope_attributes: scopeAttributes }),
  };
  return { resource, scope, size: size + JSON.stringify(scope).length };
}

/**
 * Reads a LogRecord as OTLP/JSON has it. The resource, its service's name apart, and the scope stand in `data`.
 *
 * @param timeOfNone epoch milliseconds, the time of a record that has none. @default such a record stays without
 */
export function readLogRecord(
  log: unknown,
  { resource, scope }: LogSurroundings,
  context: ReadContext,
  timeOfNone?: number,
): ParsedLine {
  if (!isRecord(log)) return refuse('malformed', 'a log record that is no object');
  const attributes = otlpAttributes(log.attributes);
  const body = otlpValue(log.body);
  const { 'service.name': service, ...resourceRest } = resource;
  const level = levelOf(log.severityNumber) ?? readLevel(log.severityText);
  const entry: Candidate = {
    timestamp: timeOf(log.timeUnixNano) ?? timeOf(log.observedTimeUnixNano) ?? timeOfNone,
    level,
    component: readText(service),
    message: typeof body === 'object' || body === undefined ? undefined : String(body),
    event: readText(log.eventName),
    trace_id: idOf(log.traceId),
    span_id: idOf(log.spanId),
    ...takeError(attributes),
    ...takeUrl(attributes),
  };
  const severity = readText(log.severityText);
  const dropped = readCount(log.droppedAttributesCount) ?? 0;
  entry.data = {
    ...(Object.keys(resourceRest).length > 0 && { resource: resourceRest }),
    ...scope,
    ...(typeof body === 'object' && { body }),
    ...(severity !== undefined && readLevel(severity) !== level && { severity_text: severity }),
    ...(dropped > 0 && { dropped_attributes_count: dropped }),
  };
  return readPrepared({ entry, rest: attributes }, FIELDS, context);
}

function isTexts(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string' && text !== '')
  );
}

/** Nanoseconds since 1970, as text or number; 0 is no time. */
function timeOf(value: unknown): number | undefined {
  const text = typeof value === 'number' && value >= 0 ? value.toFixed(0) : value;
  if (typeof text !== 'string' || !/^\d{1,20}$/.test(text) || /^0+$/.test(text)) return undefined;
  return Number(text.slice(0, -6));
}

/** Its number, or the name of the number in the protocol's enum. */
function levelOf(severity: unknown): string | undefined {
  if (typeof severity === 'number')
    return severity > 0 ? SEVERITIES[Math.floor((severity - 1) / 4)] : undefined;
  const name =
    typeof severity === 'string' ? /^SEVERITY_NUMBER_([A-Z]+)[2-4]?$/.exec(severity)?.[1] : undefined;
  if (name !== undefined) return readLevel(name);
  return typeof severity === 'string' && /^\d{1,2}$/.test(severity) ? levelOf(Number(severity)) : undefined;
}

/** Hex in either case, as OTLP/JSON allows; the index knows ids in lower case. An id of zeros is none. */
function idOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || /^0*$/.test(value)) return undefined;
  return /^[\da-f]+$/i.test(value) ? value.toLowerCase() : value;
}

function takeError(attributes: Record<string, unknown>): Candidate {
  const { 'exception.type': type, 'exception.message': message, 'exception.stacktrace': stack } = attributes;
  if (type === undefined && message === undefined && stack === undefined) return {};
  for (const name of ['type', 'message', 'stacktrace']) delete attributes[`exception.${name}`];
  return {
    error: {
      type: readText(type) ?? 'Error',
      message: readText(message) ?? '',
      ...(typeof stack === 'string' && { stack }),
    },
  };
}

function takeUrl(attributes: Record<string, unknown>): Candidate {
  const { 'url.path': path, 'url.query': query } = attributes;
  if (typeof path === 'string') {
    delete attributes['url.path'];
    delete attributes['url.query'];
    return { path: typeof query === 'string' && query !== '' ? `${path}?${query.replace(/^\?/, '')}` : path };
  }
  for (const name of ['http.target', 'url.full', 'http.url']) {
    const target = attributes[name];
    if (typeof target !== 'string') continue;
    delete attributes[name];
    const { path: found, host } = splitTarget(target);
    return { path: found, ...(host !== undefined && { proxy_hostname: host }) };
  }
  return {};
}
