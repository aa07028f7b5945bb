import { canonicalIp } from '@tailrace/schema';
import { type Candidate, type ParsedLine, type Reason, refuse } from '../parsed-line.js';
import { unescapeClf } from '../text/clf-escapes.js';
import { parseRequestLine } from '../values/request-line.js';
import { parseClfTime } from '../values/time-text.js';

const TIME_AND_QUOTE = / \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "/;
const STATUS_AND_BYTES = /^ (\d{3}|-) (\d{1,15}|-)(?= |$)/;

/**
 * Reads a line in Common or Combined Log Format (Apache `mod_log_config`), also with the virtual host before it
 * (`vhost_combined`). What follows the user agent goes to `data.extra`. A referrer or user agent that lacks its
 * closing quote is taken to reach to the end of the line: the line is whole but for that, and counted as repaired.
 *
 * A request line that is none (`-`, a TLS handshake on the plain port) was a request all the same: as it was written
 * it is the message and `data.request_line`.
 */
export function parseClfLine(text: string): ParsedLine {
  const found = TIME_AND_QUOTE.exec(text);
  if (found === null) return refuse('unknown_format', 'neither JSON nor Common or Combined Log Format');
  const timestamp = parseClfTime(found[1] as string);
  if (timestamp === undefined) return refuse('invalid_time', `no such time: ${found[1]}`);

  const request = quotedAt(text, found.index + found[0].length);
  const numbers = request.closed ? STATUS_AND_BYTES.exec(text.slice(request.end)) : null;
  if (numbers === null) return refuse('malformed', 'no status and size after the request line');

  const { ident, ...client } = parseClient(text.slice(0, found.index));
  const line = parseRequestLine(unescapeClf(request.text));
  const entry: Candidate = {
    kind: 'request',
    timestamp,
    ...client,
    ...(line ? { method: line.method, path: line.path } : { message: textOf(request.text) }),
    status_code: numberOf(numbers[1]),
    bytes_sent: numberOf(numbers[2]),
  };
  let rest = text.slice(request.end + numbers[0].length);
  let repaired: Reason | undefined;
  for (const field of ['referrer', 'user_agent'] as const) {
    if (!rest.startsWith(' "')) break;
    const quoted = quotedAt(rest, 2);
    entry[field] = textOf(unescapeClf(quoted.text));
    if (!quoted.closed) repaired = { code: 'unclosed_quote', message: `${field} has no closing quote` };
    rest = rest.slice(quoted.end);
  }
  const data = {
    ident,
    protocol: line?.protocol,
    request_line: line ? undefined : request.text,
    extra: textOf(rest.trim()),
  };
  entry.data = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  return repaired ? { entry, repaired } : { entry };
}

/** Reads from after an opening quote to its unescaped closing quote, or the end of the text. */
function quotedAt(text: string, start: number): { text: string; end: number; closed: boolean } {
  for (let i = start; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return { text: text.slice(start, i), end: i + 1, closed: true };
  }
  return { text: text.slice(start), end: text.length, closed: false };
}

/** `host ident user`; the user may contain spaces. */
function parseClient(text: string) {
  const parts = text.split(' ');
  const hasVirtualHost = /^[^:]+:\d+$/.test(parts[0] ?? '') && canonicalIp(parts[1] ?? '') !== undefined;
  const virtualHost = hasVirtualHost ? parts.shift()?.replace(/:\d+$/, '') : undefined;
  const [host = '-', ident = '-', ...user] = parts;
  const ip = canonicalIp(host);
  return {
    client_ip: ip,
    client_hostname: ip === undefined ? textOf(host) : undefined,
    proxy_hostname: virtualHost,
    user_id: textOf(unescapeClf(user.join(' '))),
    ident: textOf(ident),
  };
}

function textOf(text: string): string | undefined {
  return text === '-' || text === '' || text === '""' ? undefined : text;
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined || digits === '-' ? undefined : Number(digits);
}
