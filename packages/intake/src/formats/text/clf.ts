import type { Format } from '../../format.js';
import { type Candidate, type ParsedLine, type Reason, refuse } from '../../parsed-line.js';
import { parseClfClient } from '../../text/clf-client.js';
import { unescapeClf } from '../../text/clf-escapes.js';
import { type ClfTail, parseClfTail } from '../../text/clf-tail.js';
import { countOf, statusOf, textOf } from '../../text/fields.js';
import { parseRequestLine } from '../../values/request-line.js';
import { parseClfTime, parseIsoTime } from '../../values/time-text.js';
import { type TimeZone, UTC } from '../../values/time-zone.js';

const TIME_AND_QUOTE =
  / \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: [+-]\d\d:?\d\d)?|\d{4}-\d\d-\d\dT[\d:.,+Z-]{8,30})\] "/;
const STATUS_AND_BYTES = /^ (\d{3}|-|0|-1) (\d{1,15}|-)(?= |$)/;
/** What no other format has; cheaper to look for than the whole time. */
const MARK = /:\d\d(?:[.,]\d{1,9})?(?: ?[+-]\d\d:?\d\d|Z)?\] "/;
/** Quotes inside a request line that are tried to be its end. */
const MAX_TRIES = 64;

/** Common and Combined Log Format, with what Apache's and nginx's users put before and behind. */
export const clf: Format = {
  name: 'clf',
  title:
    'Common and Combined Log Format (Apache, nginx), with virtual host, forwarded list, port or request time',
  reference: 'https://httpd.apache.org/docs/2.4/mod/mod_log_config.html',
  detect: ({ text }) => MARK.test(text),
  parse: ({ text }, { zone }) => parseClfLine(text, zone),
};

/**
 * Reads a line in Common or Combined Log Format (Apache `mod_log_config`). What follows the user agent goes to
 * `data.extra`. A referrer or user agent that lacks its closing quote is taken to reach to the end of the line: the line
 * is whole but for that, and counted as repaired.
 *
 * A request line that is none (`-`, a TLS handshake on the plain port) was a request all the same: as it was written
 * it is the message and `data.request_line`.
 *
 * @param zone of times that name no offset
 */
export function parseClfLine(text: string, zone: TimeZone = UTC): ParsedLine {
  const line = splitClfLine(text, zone);
  if ('refused' in line) return line;
  const tail = parseClfTail(line.rest);
  return entryOf(line, tail);
}

/** A line up to its size, and what follows. */
export interface ClfParts {
  readonly entry: Candidate;
  readonly data: Record<string, unknown>;
  readonly rest: string;
}

/** Reads what every access log begins with: client, time, request, status and size. */
export function splitClfLine(text: string, zone: TimeZone): ClfParts | { readonly refused: Reason } {
  const found = TIME_AND_QUOTE.exec(text);
  if (found === null) return refuse('unknown_format', 'no line of Common or Combined Log Format');
  const timestamp = parseClfTime(found[1] as string, zone) ?? parseIsoTime(found[1] as string, zone);
  if (timestamp === undefined) return refuse('invalid_time', `no such time: ${found[1]}`);
  const start = found.index + found[0].length;
  const end = endOfRequest(text, start);
  const numbers = end === undefined ? null : STATUS_AND_BYTES.exec(text.slice(end + 1, end + 32));
  if (end === undefined || numbers === null)
    return refuse('malformed', 'no status and size after the request line');
  const client = parseClfClient(text.slice(0, found.index).trimStart());
  if (typeof client === 'string') return refuse('unknown_client', client);
  const { ident, forwarded, ...who } = client;
  const written = text.slice(start, end);
  const request = parseRequestLine(unescapeClf(written));
  return {
    entry: {
      kind: 'request',
      timestamp,
      ...who,
      ...(request ? { method: request.method, path: request.path } : { message: textOf(written) }),
      ...(request?.host !== undefined &&
        who.proxy_hostname === undefined && { proxy_hostname: request.host }),
      status_code: statusOf(numbers[1]),
      bytes_sent: countOf(numbers[2]),
    },
    data: { ident, forwarded, protocol: request?.protocol, request_line: request ? undefined : written },
    rest: text.slice(end + 1 + numbers[0].length),
  };
}

function entryOf({ entry, data }: ClfParts, { referrer, user_agent, extra, ...tail }: ClfTail): ParsedLine {
  Object.assign(entry, { referrer, user_agent });
  if (tail.response_time_ms !== undefined) entry.response_time_ms = tail.response_time_ms;
  entry.data = compact({ ...data, extra });
  if (tail.unclosed === undefined) return { entry };
  return { entry, repaired: { code: 'unclosed_quote', message: `${tail.unclosed} has no closing quote` } };
}

/** The first quote that is not escaped and stands before status and size. */
function endOfRequest(text: string, start: number): number | undefined {
  let tries = 0;
  for (let i = start; i < text.length && tries < MAX_TRIES; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') {
      tries += 1;
      if (STATUS_AND_BYTES.test(text.slice(i + 1, i + 32))) return i;
    }
  }
  return undefined;
}

/** Without the keys that have no value; nothing when none is left. */
function compact(data: Record<string, unknown>): Record<string, unknown> | undefined {
  let out: Record<string, unknown> | undefined;
  for (const name in data) {
    if (data[name] === undefined) continue;
    out ??= {};
    out[name] = data[name];
  }
  return out;
}
