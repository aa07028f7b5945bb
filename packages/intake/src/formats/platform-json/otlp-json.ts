import type { Format, ReadContext } from '../../format.js';
import { type FieldSource, from } from '../../json/field-source.js';
import { readPrepared } from '../../json/json-format.js';
import { isRecord, type JsonRecord } from '../../json/json-record.js';
import { readCount, readHostName, readIp, readMethod, readStatus, readText } from '../../json/json-values.js';
import { type Candidate, type ParsedLine, refuse } from '../../parsed-line.js';
import { readLevel } from '../../values/level-words.js';
import { splitTarget } from '../../values/request-line.js';
import { parseTime } from '../../values/time-text.js';
import { listOf, otlpAttributes, otlpValue } from './otlp-value.js';

/** An ExportLogsServiceRequest in JSON, as the collector's file exporter writes it: one line, several entries. */
export const otlpJson: Format = {
  name: 'otlp-json',
  title: 'OpenTelemetry logs (OTLP/JSON)',
  reference: 'https://opentelemetry.io/docs/specs/otel/logs/data-model/',
  isJson: true,
  detect: ({ record }) => record !== undefined && Array.isArray(record.resourceLogs),
  parse({ record }, context) {
    if (record === undefined || !Array.isArray(record.resourceLogs)) {
      return refuse('invalid_json', 'is no ExportLogsServiceRequest');
    }
    return record.resourceLogs.filter(isRecord).flatMap((resourceLogs) => {
      const resource = otlpAttributes(
        isRecord(resourceLogs.resource) ? resourceLogs.resource.attributes : [],
      );
      return listOf(resourceLogs.scopeLogs ?? resourceLogs.instrumentationLibraryLogs)
        .filter(isRecord)
        .flatMap((scopeLogs) =>
          listOf(scopeLogs.logRecords).map((log) => readLog(log, resource, scopeLogs.scope, context)),
        );
    });
  },
};

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
];
/** SeverityNumber 1-4 TRACE, 5-8 DEBUG, 9-12 INFO, 13-16 WARN, 17-20 ERROR, 21-24 FATAL. */
const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

function readLog(log: unknown, resource: JsonRecord, scope: unknown, context: ReadContext): ParsedLine {
  if (!isRecord(log)) return refuse('malformed', 'a log record that is no object');
  const attributes = otlpAttributes(log.attributes);
  const body = otlpValue(log.body);
  const { 'service.name': service, ...resourceRest } = resource;
  const entry: Candidate = {
    timestamp: timeOf(log.timeUnixNano) ?? timeOf(log.observedTimeUnixNano),
    level: levelOf(log.severityNumber) ?? readLevel(log.severityText),
    component: readText(service),
    message: typeof body === 'object' ? undefined : body === undefined ? undefined : String(body),
    event: readText(log.eventName),
    trace_id: idOf(log.traceId),
    span_id: idOf(log.spanId),
    ...takeError(attributes),
    ...takeUrl(attributes),
  };
  entry.data = {
    ...(Object.keys(resourceRest).length > 0 && { resource: resourceRest }),
    ...(isRecord(scope) && typeof scope.name === 'string' && scope.name !== '' && { scope: scope.name }),
    ...(typeof body === 'object' && { body }),
  };
  return readPrepared({ entry, rest: attributes }, FIELDS, context);
}

/** 0 is no time. Nanoseconds, as text or number. */
function timeOf(value: unknown): number | undefined {
  return parseTime(typeof value === 'number' ? value : readText(value));
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

/** An id of zeros is none. */
function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && !/^0*$/.test(value) ? value : undefined;
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
