import { from } from '../../json/field-source.js';
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

/** Cloudflare Logpush, data set http_requests: times as RFC 3339, seconds or nanoseconds. */
export const cloudflareHttp = jsonFormat({
  name: 'cloudflare-http',
  title: 'Cloudflare Logpush, HTTP requests',
  reference: 'https://developers.cloudflare.com/logs/reference/log-fields/zone/http_requests/',
  detect: (record) =>
    'EdgeStartTimestamp' in record ||
    'EdgeResponseStatus' in record ||
    ('RayID' in record && ('ClientIP' in record || 'ClientRequestMethod' in record)),
  fields: [
    from('timestamp', 'EdgeStartTimestamp EdgeEndTimestamp', readTime),
    from('client_ip', 'ClientIP', readIp),
    from('proxy_hostname', 'ClientRequestHost', readHostName),
    from('method', 'ClientRequestMethod', readMethod),
    from('path', 'ClientRequestURI ClientRequestPath', readPath),
    from('status_code', 'EdgeResponseStatus', readStatus),
    from('bytes_sent', 'EdgeResponseBytes', readCount),
    from('user_agent', 'ClientRequestUserAgent', readText),
    from('referrer', 'ClientRequestReferer', readText),
    from('request_id', 'RayID', readText),
  ],
});
