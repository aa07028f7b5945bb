import type { Format } from '../../format.js';
import { type Candidate, refuse } from '../../parsed-line.js';
import { countOf, statusOf, textOf } from '../../text/fields.js';
import { readAddress, readHost } from '../../values/address.js';
import { parseRequestLine } from '../../values/request-line.js';
import { parseIsoTime } from '../../values/time-text.js';

const START = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d))\] "/;

const END_OF_REQUEST = /" \d{1,3} \S{1,100} /;
/** Status, flags, what Istio puts between, bytes received and sent, duration and the upstream's time. */
const COUNTS =
  /^(\d{1,3}) (\S{1,100}) ((?:(?:"[^"]{0,2000}"|\S{1,2000}) ){0,3}?)(\d{1,18}) (\d{1,18}) (\d{1,12}|-) (\d{1,12}|-) (?=")/;

/** Envoy's default access log, and Istio's, which has some fields more. */
export const envoyText: Format = {
  name: 'envoy-text',
  title: 'Envoy access log, default format (also Istio)',
  reference:
    'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string',
  detect: ({ text }) => START.test(text),
  parse({ text }) {
    const start = START.exec(text);
    const timestamp = start === null ? undefined : parseIsoTime(start[1] as string);
    if (start === null) return refuse('unknown_format', 'no line of Envoy');
    if (timestamp === undefined) return refuse('invalid_time', `no such time: ${start[1]}`);
    const rest = text.slice(start[0].length);
    const end = rest.search(END_OF_REQUEST);
    const counts = end === -1 ? null : COUNTS.exec(rest.slice(end + 2));
    if (counts === null) return refuse('malformed', 'no line of Envoy in its default format');
    const [head, status, flags, details = '', received, sent, duration, upstreamTime] = counts;
    const request = rest.slice(0, end);
    const behind = rest.slice(end + 2 + head.length);
    // A user agent may have bare quotes in it: what is too much between the quoted fields is its.
    const last = behind.lastIndexOf('"');
    const quoted = behind.slice(1, Math.max(last, 1)).split('" "');
    const more = behind.slice(last + 1).trim();
    if (quoted.length < 5) return refuse('malformed', 'no line of Envoy in its default format');
    const [forwarded] = quoted;
    const [requestId, authority, upstream] = quoted.slice(-3);
    const agent = quoted.slice(1, -3).join('" "');
    const line = parseRequestLine(request);
    // cluster, two local addresses, the peer, the server name, the route: Istio's.
    const peer = textOf(more.split(' ')[3]);
    const entry: Candidate = {
      kind: 'request',
      timestamp,
      ...(line ? { method: line.method, path: line.path } : { message: request }),
      // Envoy's default format has no peer; the list stands in its place.
      client_ip: readAddress(peer ?? (forwarded ?? '').split(',')[0]?.trim() ?? ''),
      proxy_hostname: readHost(authority ?? '') ?? line?.host,
      status_code: statusOf(status),
      bytes_sent: countOf(sent),
      response_time_ms: countOf(duration),
      user_agent: textOf(agent),
      request_id: textOf(requestId),
    };
    const data = {
      protocol: line?.protocol,
      request_line: line ? undefined : request,
      response_flags: textOf(flags),
      response_code_details: textOf(details.trim().split(' ')[0]),
      bytes_received: countOf(received),
      upstream_service_time: countOf(upstreamTime),
      forwarded: textOf(forwarded),
      upstream_host: textOf(upstream),
      extra: textOf(more),
    };
    entry.data = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
    return { entry };
  },
};
