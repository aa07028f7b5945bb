import { from, type ReadValue } from '../../json/field-source.js';
import { CORE_FIELDS, IDENTITY_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { without } from '../../json/json-record.js';
import {
  readCount,
  readHostName,
  readIp,
  readMethod,
  readPath,
  readStatus,
  readText,
  readTime,
  scaled,
} from '../../json/json-values.js';

const SIGNS = [
  'request',
  'request_uri',
  'request_method',
  'status',
  'body_bytes_sent',
  'request_time',
  'time_iso8601',
  'time_local',
  'msec',
];

/** `_` is nginx's name for the server that catches the rest. */
const serverName: ReadValue = (value) => (value === '_' ? undefined : readHostName(value));

/** An nginx `log_format` that writes its variables as JSON, as texts or not. */
export const nginxJson = jsonFormat({
  name: 'nginx-json',
  title: 'nginx access log as JSON (escape=json)',
  reference: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#variables',
  detect: (record) =>
    'remote_addr' in record &&
    !('message' in record || 'msg' in record) &&
    SIGNS.some((name) => name in record),
  fields: [
    from('timestamp', 'msec time_iso8601 time_local', readTime),
    from('method', 'request_method method', readMethod),
    from('path', 'request_uri path uri', readPath),
    from('client_ip', 'remote_addr', readIp),
    from('proxy_hostname', 'host http_host', readHostName),
    from('proxy_hostname', 'server_name', serverName),
    from('status_code', 'status', readStatus),
    from('bytes_sent', 'body_bytes_sent bytes_sent', readCount),
    from('response_time_ms', 'request_time', scaled(1000)),
    from('user_agent', 'http_user_agent', readText),
    from('referrer', 'http_referer', readText),
    from('user_id', 'remote_user', readText),
    from('request_id', 'request_id http_x_request_id', readText),
    from('trace_id', 'otel_trace_id opentelemetry_trace_id', readText),
    from('span_id', 'otel_span_id opentelemetry_span_id', readText),
    ...CORE_FIELDS,
    ...IDENTITY_FIELDS.filter(({ field }) => field !== 'user_id'),
  ],
  // `$uri` is without the query, which stands in `$args`.
  prepare: (record) => {
    const { uri, args, query_string: query } = record;
    const asked = args || query;
    const isApart =
      typeof uri === 'string' && typeof asked === 'string' && asked !== '-' && !('request_uri' in record);
    if (!isApart || typeof record.request === 'string' || uri.includes('?'))
      return { entry: {}, rest: { ...record } };
    return { entry: {}, rest: { ...without(record, 'args', 'query_string'), uri: `${uri}?${asked}` } };
  },
});
