import { from } from '../../json/field-source.js';
import { CORE_FIELDS, IDENTITY_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { without } from '../../json/json-record.js';
import {
  durationIn,
  readCount,
  readHostName,
  readIp,
  readMethod,
  readPath,
  readStatus,
  readText,
  readTime,
} from '../../json/json-values.js';

/** Traefik's access log as JSON: durations in nanoseconds, StartUTC is the request's time, `time` the line's. */
export const traefikJson = jsonFormat({
  name: 'traefik-json',
  title: 'Traefik access log, JSON',
  reference: 'https://doc.traefik.io/traefik/observe/logs-and-access-logs/',
  detect: (record) =>
    'DownstreamStatus' in record ||
    ('RequestMethod' in record && ('ClientAddr' in record || 'ClientHost' in record)),
  fields: [
    from('timestamp', 'StartUTC StartLocal time', readTime),
    from('method', 'RequestMethod', readMethod),
    from('path', 'RequestPath', readPath),
    from('client_ip', 'ClientAddr ClientHost', readIp),
    from('proxy_hostname', 'RequestHost RequestAddr', readHostName),
    from('status_code', 'DownstreamStatus', readStatus),
    from('bytes_sent', 'DownstreamContentSize', readCount),
    from('response_time_ms', 'Duration', durationIn(1e-6)),
    from('user_agent', 'request_User-Agent', readText),
    from('referrer', 'request_Referer', readText),
    from('user_id', 'ClientUsername', readText),
    from('request_id', 'request_X-Request-Id', readText),
    from('trace_id', 'TraceId', readText),
    from('span_id', 'SpanId', readText),
    ...CORE_FIELDS,
    ...IDENTITY_FIELDS,
  ],
  prepare: (record) => ({
    entry: { kind: 'request' },
    rest: 'StartUTC' in record ? without(record, 'time') : { ...record },
  }),
});
