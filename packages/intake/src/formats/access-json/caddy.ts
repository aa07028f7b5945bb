import { from } from '../../json/field-source.js';
import { CORE_FIELDS, IDENTITY_FIELDS, OUTCOME_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import { isRecord, type JsonRecord } from '../../json/json-record.js';
import {
  durationIn,
  readCount,
  readHostName,
  readIp,
  readMethod,
  readPath,
  readStatus,
  readText,
} from '../../json/json-values.js';

const isRequest = ({ request }: JsonRecord) => isRecord(request) && 'uri' in request && 'method' in request;

/** Caddy 2, its access log and its other lines; before 2.5 the client was `remote_addr`, with its port. */
export const caddy = jsonFormat({
  name: 'caddy',
  title: 'Caddy 2',
  reference: 'https://caddyserver.com/docs/caddyfile/directives/log',
  detect: (record) =>
    'ts' in record &&
    typeof record.logger === 'string' &&
    (record.logger.startsWith('http.') || (isRequest(record) && 'status' in record)),
  fields: [
    ...CORE_FIELDS,
    from('method', 'request.method', readMethod),
    from('path', 'request.uri', readPath),
    from('client_ip', 'request.client_ip request.remote_ip request.remote_addr', readIp),
    from('proxy_hostname', 'request.host', readHostName),
    from('status_code', 'status', readStatus),
    from('bytes_sent', 'size', readCount),
    from('response_time_ms', 'duration', (value, record, context) =>
      'status' in record ? durationIn(1000)(value, record, context) : undefined,
    ),
    from('user_agent', 'request.headers.User-Agent', readText),
    from('referrer', 'request.headers.Referer', readText),
    ...IDENTITY_FIELDS,
    ...OUTCOME_FIELDS,
  ],
  // Its error log names the request an error arose in.
  prepare: (record) => ({
    entry: String(record.logger).startsWith('http.log.error') ? { kind: 'log' } : {},
    rest: { ...record },
  }),
});
