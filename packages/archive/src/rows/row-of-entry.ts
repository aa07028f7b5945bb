import { ASCII_FOLDINGS } from '@tailrace/query';
import { type Entry, requestMessage } from '@tailrace/schema';
import type { Column } from './columns.js';

/**
 * One line of JSON, as DuckDB reads a row of a sealed file from it. The message of a request that is its request line is left
 * out, and so is what an entry has not. An entry with a text that no column gives back as it is, for its U+0000 or half of a
 * surrogate pair, also has its whole JSON.
 */
export function rowLineOf(entry: Entry): string {
  const row = rowOf(entry);
  const line = JSON.stringify(row);
  if (!SPECIAL.test(line)) return line;
  const isOdd = ODD.test(line);
  const clean = isOdd
    ? JSON.stringify(row, (_, value) => (typeof value === 'string' ? plain(value) : value))
    : line;
  const more = {
    ...(FOLDINGS.test(line) && { has_foldings: true }),
    ...(isOdd && { whole: JSON.stringify(entry) }),
  };
  return `${clean.slice(0, -1)}${Object.keys(more).length > 0 ? ',' : ''}${JSON.stringify(more).slice(1)}`;
}

/** Written out, so that all rows have one shape: a rest pattern takes three times as long. */
function rowOf(entry: Entry) {
  const { error, data, truncated, message } = entry;
  const isRequest = entry.kind === 'request';
  return {
    timestamp: entry.timestamp,
    order: entry.order,
    id: entry.id,
    is_request: isRequest,
    level: entry.level,
    component: entry.component,
    message: isRequest && message === requestMessage(entry) ? undefined : message,
    client_ip: entry.client_ip,
    client_hostname: entry.client_hostname,
    proxy_hostname: entry.proxy_hostname,
    method: entry.method,
    path: entry.path,
    route: entry.route,
    status_code: entry.status_code,
    response_time_ms: entry.response_time_ms,
    bytes_sent: entry.bytes_sent,
    user_agent: entry.user_agent,
    referrer: entry.referrer,
    user_id: entry.user_id,
    session_id: entry.session_id,
    client_id: entry.client_id,
    trace_id: entry.trace_id,
    span_id: entry.span_id,
    request_id: entry.request_id,
    event: entry.event,
    outcome: entry.outcome,
    objects: entry.objects,
    error: error && JSON.stringify(error),
    data: data && JSON.stringify(data),
    truncated: truncated && JSON.stringify(truncated),
  } satisfies { readonly [Name in Exclude<Column, 'has_foldings' | 'whole'>]: unknown };
}

const LETTERS = ASCII_FOLDINGS.map(([letter]) => letter).join('');
const FOLDINGS = new RegExp(`[${LETTERS}]`);
/** What few lines have: a look at each for both. */
const SPECIAL = new RegExp(`[${LETTERS}]|\\\\u`);
/** How JSON writes U+0000 and half a surrogate pair, also within JSON within JSON. */
const ODD = /\\u(?:0000|d[89a-f])/i;

function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\0', '\ufffd')
    .replace(/\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, '\ufffd');
}
