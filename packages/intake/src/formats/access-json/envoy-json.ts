import { from, type ReadValue } from '../../json/field-source.js';
import { IDENTITY_FIELDS } from '../../json/generic-fields.js';
import { jsonFormat } from '../../json/json-format.js';
import {
  readCount,
  readHostName,
  readIp,
  readMethod,
  readPath,
  readStatus,
  readText,
  readTime,
} from '../../json/json-values.js';
import { readAddress } from '../../values/address.js';

/** The first of a forwarded list, where it stands in the peer's place; the list stays. */
const firstAddress: ReadValue = (value) =>
  typeof value === 'string' ? readAddress((value.split(',')[0] ?? '').trim()) : undefined;

/** Envoy's access log as JSON, with the keys of Istio and of Envoy Gateway. */
export const envoyJson = jsonFormat({
  name: 'envoy-json',
  title: 'Envoy access log, JSON (Istio, Envoy Gateway)',
  reference: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage',
  detect: (record) =>
    'start_time' in record &&
    ('response_flags' in record || 'response_code' in record || 'response_code_details' in record),
  fields: [
    from('timestamp', 'start_time', readTime),
    from('method', 'method :method', readMethod),
    from('path', 'x-envoy-original-path x-envoy-origin-path path :path', readPath),
    from('client_ip', 'downstream_remote_address downstream_direct_remote_address', readIp),
    from('client_ip', 'x_forwarded_for x-forwarded-for', firstAddress),
    from('proxy_hostname', 'authority :authority', readHostName),
    from('status_code', 'response_code', readStatus),
    from('bytes_sent', 'bytes_sent', readCount),
    from('response_time_ms', 'duration', readCount),
    from('user_agent', 'user_agent user-agent', readText),
    from('referrer', 'referer', readText),
    from('request_id', 'request_id x-request-id', readText),
    ...IDENTITY_FIELDS,
  ],
});
