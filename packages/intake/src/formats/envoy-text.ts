import type { Format } from '../format.js';
import { type Candidate, refuse } from '../parsed-line.js';
import { countOf, splitFields, statusOf, textOf } from '../text/fields.js';
import { readAddress, readHost } from '../values/address.js';
import { parseRequestLine } from '../values/request-line.js';
import { parseIsoTime } from '../values/time-text.js';

const START = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d))\] "/;

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
    const fields = splitFields(text.slice(start[0].length - 1));
    const [request, status, flags, ...rest] = fields?.map(({ text }) => text) ?? [];
    const counts = rest.findIndex((_, i) => /^\d+ \d+ (\d+|-)$/.test(rest.slice(i, i + 3).join(' ')));
    if (
      request === undefined ||
      status === undefined ||
      !/^\d{1,3}$/.test(status) ||
      counts < 0 ||
      counts > 3
    ) {
      return refuse('malformed', 'no line of Envoy in its default format');
    }
    const [
      received,
      sent,
      duration,
      upstreamTime,
      forwarded,
      agent,
      requestId,
      authority,
      upstream,
      ...more
    ] = rest.slice(counts);
    const line = parseRequestLine(request);
    const peer = textOf(more[3]);
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
      response_code_details: textOf(rest.slice(0, counts)[0]),
      bytes_received: countOf(received),
      upstream_service_time: countOf(upstreamTime),
      forwarded: textOf(forwarded),
      upstream_host: textOf(upstream),
      extra: more.length > 0 ? more.join(' ') : undefined,
    };
    entry.data = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
    return { entry };
  },
};
