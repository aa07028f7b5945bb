import { type FieldSource, from, type ReadValue } from '../../json/field-source.js';
import { CORE_FIELDS, IDENTITY_FIELDS, OUTCOME_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { isRecord } from '../../json/json-record.js';
import {
  readCount,
  readDuration,
  readHostOfUrl,
  readIp,
  readMessage,
  readMethod,
  readPath,
  readSplitTime,
  readStatus,
  readText,
  readTime,
} from '../../json/json-values.js';
import { roundMs } from '../../values/duration.js';
import { readLevel } from '../../values/level-words.js';

/** A trace is a resource name, `projects/P/traces/ID`. */
const lastPart: ReadValue = (value) => readText(value)?.split('/').at(-1);
const latency: ReadValue = (value) => {
  if (!isRecord(value)) return readDuration(value);
  const ms = Number(value.seconds ?? 0) * 1000 + Number(value.nanos ?? 0) / 1e6;
  return Number.isFinite(ms) && ms >= 0 ? roundMs(ms) : undefined;
};
/** Integers of 64 bits are texts in protobuf's JSON. */
const size: ReadValue = (value) => readCount(value);

const FIELDS: readonly FieldSource[] = [
  from('timestamp', 'timestamp time', (value, record, context) =>
    isRecord(value) ? readSplitTime(value, 'seconds', 'nanos') : readTime(value, record, context),
  ),
  from('timestamp', 'timestampSeconds', (value, { timestampNanos }) =>
    readSplitTime({ value, timestampNanos }, 'value', 'timestampNanos'),
  ),
  from('timestamp', 'receiveTimestamp', readTime),
  from('level', 'severity level', readLevel),
  from('message', 'textPayload jsonPayload.message jsonPayload.msg message msg', readMessage),
  from('method', 'httpRequest.requestMethod', readMethod),
  from('path', 'httpRequest.requestUrl', readPath),
  from('client_ip', 'httpRequest.remoteIp protoPayload.requestMetadata.callerIp', readIp),
  from('status_code', 'httpRequest.status', readStatus),
  from('bytes_sent', 'httpRequest.responseSize', size),
  from('response_time_ms', 'httpRequest.latency', latency),
  from('user_agent', 'httpRequest.userAgent protoPayload.requestMetadata.callerSuppliedUserAgent', readText),
  from('referrer', 'httpRequest.referer', readText),
  from('user_id', 'protoPayload.authenticationInfo.principalEmail', readText),
  from('event', 'protoPayload.methodName', readText),
  // Log4j's layout for Google Cloud.
  from('component', '_logger', readText),
  from('error', '_exception', (value) =>
    isRecord(value)
      ? { type: readText(value.class ?? value.exception) ?? 'Error', message: readText(value.message) ?? '' }
      : undefined,
  ),
  from('trace_id', 'trace logging.googleapis.com/trace', lastPart),
  from('span_id', 'spanId logging.googleapis.com/spanId', readText),
];

/** Google Cloud Logging: entries as `gcloud logging read` gives them, and what a program prints to be one. */
export const gcpLogEntry = jsonFormat({
  name: 'gcp-logentry',
  title: 'Google Cloud Logging (LogEntry, structured stdout)',
  reference: 'https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry',
  detect: (record) =>
    (typeof record.logName === 'string' &&
      ('insertId' in record || 'timestamp' in record || 'resource' in record)) ||
    (typeof record.insertId === 'string' && 'timestamp' in record) ||
    Object.keys(record).some((key) => key.startsWith('logging.googleapis.com/')) ||
    ('severity' in record &&
      (isRecord(record.httpRequest) || 'textPayload' in record || 'jsonPayload' in record)),
  fields: [...FIELDS, ...CORE_FIELDS, ...IDENTITY_FIELDS, ...OUTCOME_FIELDS],
  prepare: (record) => {
    const { httpRequest } = record;
    const host = isRecord(httpRequest) ? readHostOfUrl(httpRequest.requestUrl) : undefined;
    const rest: Record<string, unknown> = Object.fromEntries(
      Object.entries(record).map(([key, value]) => [key, isRecord(value) ? { ...value } : value]),
    );
    return { entry: { proxy_hostname: host }, rest };
  },
});
