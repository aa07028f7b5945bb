import type { Format } from '../../format.js';
import { refuse } from '../../parsed-line.js';
import { countOf, statusOf } from '../../text/fields.js';
import { readAddressBeforePort } from '../../values/address.js';
import { parseRequestLine } from '../../values/request-line.js';
import { parseClfTime } from '../../values/time-text.js';

/** The manual's section "HTTP log format"; `+` before a number means that the log line came before the end. */
const LINE =
  /^(?:haproxy(?:\[\d{1,10}\])?: )?(\S{1,100}) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d{1,6})?)\] (\S{1,200}) ([^\s/]{1,200})\/(\S{1,200}) (-?\d{1,12}(?:\/[+-]?\d{1,12}){4}) (-1|\d{1,3}) \+?(\d{1,18}) (\S{1,300}) (\S{1,300}) (\S{4}) (\d+\/\d+\/\d+\/\d+\/\+?\d+) (\d+\/\d+)(?: ((?:\{[^{}]{0,4000}\} ?){1,2}))? ?"([\s\S]*)$/;
const MARK = /\] \S+ \S+\/\S+ -?\d+(?:\/[+-]?\d+){4} -?\d{1,3} \+?\d+ /;

/** HAProxy with `option httplog`; the request may be cut, and what `option httpslog` adds may follow. */
export const haproxyHttp: Format = {
  name: 'haproxy-http',
  title: 'HAProxy, HTTP log (option httplog)',
  reference: 'https://docs.haproxy.org/dev/configuration.html#8.2.3',
  detect: ({ text }) => MARK.test(text.slice(0, 1500)),
  parse({ text }, { zone }) {
    const match = LINE.exec(text);
    if (match === null) return refuse('malformed', 'no line of HAProxy in HTTP log format');
    const [, client, time, frontend, backend, server, timers, status, bytes, cookieIn, cookieOut] = match;
    const [, , , , , , , , , , , termination, connections, queues, captures, behind = ''] = match;
    const timestamp = parseClfTime(time as string, zone);
    if (timestamp === undefined) return refuse('invalid_time', `no such time: ${time}`);
    const end = behind.lastIndexOf('"');
    const written = end === -1 ? behind : behind.slice(0, end);
    const request = parseRequestLine(written);
    const ip = readAddressBeforePort(client as string);
    if (ip === undefined && client !== '-' && !client?.startsWith('unix:')) {
      return refuse('unknown_client', `is no client: ${JSON.stringify(client)}`);
    }
    const total = timers?.split('/').at(-1)?.replace('+', '');
    return {
      entry: {
        kind: 'request',
        timestamp,
        client_ip: ip,
        ...(request
          ? { method: request.method, path: request.path, proxy_hostname: request.host }
          : { message: written }),
        status_code: statusOf(status),
        bytes_sent: countOf(bytes),
        response_time_ms: countOf(total),
        data: {
          frontend,
          backend,
          server,
          timers,
          termination_state: termination,
          connections,
          queues,
          ...(cookieIn !== '-' && { request_cookie: cookieIn }),
          ...(cookieOut !== '-' && { response_cookie: cookieOut }),
          ...(captures !== undefined && { captures: captures.trim() }),
          ...(request?.protocol !== undefined && { protocol: request.protocol }),
          ...(request === undefined && { request_line: written }),
          ...(end !== -1 && end < behind.length - 1 && { extra: behind.slice(end + 1).trim() }),
        },
      },
    };
  },
};
