import type { Format } from '../../format.js';
import { type Candidate, refuse } from '../../parsed-line.js';
import { readAddress, readAddressBeforePort } from '../../values/address.js';
import { readLevel } from '../../values/level-words.js';
import { parseCTime, parseIsoTime } from '../../values/time-text.js';

const START =
  /^\[((?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,6})? \d{4}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?)\] \[(?:([\w-]{0,64}):)?(emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])\] /;
const BRACKETED = /\[(pid|tid|client|remote|host|vhost|L) ?([^\]]{0,300})\] ?/y;
const REFERER = ', referer: ';

/** Apache's error log, of 2.4 (`[core:error] [pid 1:tid 2]`) and of 2.2 (`[error]`). */
export const apacheError: Format = {
  name: 'apache-error',
  title: 'Apache error log (2.2, 2.4)',
  reference: 'https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat',
  detect: ({ text }) => START.test(text),
  parse({ text }, { zone }) {
    const start = START.exec(text);
    if (start === null) return refuse('unknown_format', 'no line of an Apache error log');
    const [, time, module, level] = start as unknown as [string, string, string | undefined, string];
    const timestamp = parseCTime(time, zone) ?? parseIsoTime(time, zone);
    if (timestamp === undefined) return refuse('invalid_time', `no such time: ${time}`);
    const data: Record<string, unknown> = { ...(module !== undefined && { module }) };
    const entry: Candidate = {
      kind: 'log',
      timestamp,
      level: level.startsWith('trace') ? 'TRACE' : readLevel(level),
    };
    const rest = takeBracketed(text.slice(start[0].length), data);
    // `(13)Permission denied: [client 192.0.2.1:80] text`: what the system said stands before the client.
    const system =
      /^(?:[\w.-]{1,64}\(\d{1,6}\): )?\(-?\d{1,10}\)[^[]{0,300}?: (?=\[(?:client|remote) )/.exec(rest)?.[0] ??
      '';
    const message = takeBracketed(rest.slice(system.length), data);
    const { client } = data;
    if (typeof client === 'string') {
      // 2.4 writes the port, without brackets around IPv6 too; 2.2 does not.
      entry.client_ip = module === undefined ? readAddress(client) : readAddressBeforePort(client);
      if (entry.client_ip !== undefined) delete data.client;
    }
    const referer = message.lastIndexOf(REFERER);
    const found = referer === -1 ? undefined : message.slice(referer + REFERER.length);
    const hasReferer = found !== undefined && found !== '' && !found.includes(' ');
    entry.message = system + (hasReferer ? message.slice(0, referer) : message);
    if (hasReferer) entry.referrer = found;
    if (Object.keys(data).length > 0) entry.data = data;
    return { entry };
  },
};

/** Takes `[name value]` groups off the front; a name that comes again is part of the message. */
function takeBracketed(text: string, data: Record<string, unknown>): string {
  let at = 0;
  for (;;) {
    BRACKETED.lastIndex = at;
    const match = BRACKETED.exec(text);
    if (match === null || Object.hasOwn(data, match[1] as string)) return text.slice(at);
    const [whole, name, value = ''] = match;
    const [pid, tid] = value.split(':tid ');
    data[name as string] = pid;
    if (tid !== undefined) data.tid = tid;
    at += whole.length;
  }
}
