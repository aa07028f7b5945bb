import { ASCII_FOLDINGS } from '@tailrace/query';
import { type Entry, requestMessage } from '@tailrace/schema';

/**
 * One line of JSON, as DuckDB reads a row of a sealed file from it. The message of a request that is its request line is left
 * out, and so is what an entry has not. An entry with a text that no column gives back as it is, for its U+0000 or half of a
 * surrogate pair, also has its whole JSON.
 */
export function rowLineOf(entry: Entry): string {
  const { kind, error, data, truncated, ...fields } = entry;
  const isImplied = kind === 'request' && entry.message === requestMessage(entry);
  const row = {
    ...fields,
    is_request: kind === 'request',
    message: isImplied ? undefined : entry.message,
    error: error && JSON.stringify(error),
    data: data && JSON.stringify(data),
    truncated: truncated && JSON.stringify(truncated),
  };
  const line = JSON.stringify(row);
  const hasFoldings = FOLDINGS.test(line);
  if (!hasFoldings && !ODD.test(line)) return line;
  const isOdd = ODD.test(line);
  const clean = isOdd
    ? JSON.stringify(row, (_, value) => (typeof value === 'string' ? plain(value) : value))
    : line;
  const more = {
    ...(hasFoldings && { has_foldings: true }),
    ...(isOdd && { whole: JSON.stringify(entry) }),
  };
  return `${clean.slice(0, -1)},${JSON.stringify(more).slice(1)}`;
}

const FOLDINGS = new RegExp(`[${ASCII_FOLDINGS.map(([letter]) => letter).join('')}]`);
/** How JSON writes U+0000 and half a surrogate pair, also within JSON within JSON. */
const ODD = /\\u(?:0000|d[89a-f])/i;

function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\0', '\ufffd')
    .replace(/\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, '\ufffd');
}
