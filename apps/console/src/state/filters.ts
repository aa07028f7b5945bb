import type { Query } from './api.js';

/** One condition: `status` `404`, or with `not` every entry but these. Values of one name are alternatives. */
export interface Filter {
  readonly name: string;
  readonly value: string;
  readonly not: boolean;
}

/** Fields a search may have, as completion offers them. */
export const FIELDS: readonly { readonly name: string; readonly hint: string }[] = [
  { name: 'level', hint: 'exactly this level' },
  { name: 'min_level', hint: 'this level or higher' },
  { name: 'component', hint: 'part of a program' },
  { name: 'status', hint: '404, 4xx, 500-599' },
  { name: 'method', hint: 'HTTP method' },
  { name: 'path', hint: 'with * for any characters' },
  { name: 'host', hint: 'host the request was made to' },
  { name: 'ip', hint: 'client address or range' },
  { name: 'fqdn', hint: "client's host name" },
  { name: 'user', hint: 'user id' },
  { name: 'session', hint: 'session id' },
  { name: 'trace', hint: 'trace id' },
  { name: 'client', hint: 'OAuth client id' },
  { name: 'event', hint: 'oauth.token, order.*' },
  { name: 'object', hint: 'what the entry is about' },
  { name: 'outcome', hint: 'success or failure' },
  { name: 'kind', hint: 'request or log' },
  { name: 'min_ms', hint: 'at least so many milliseconds' },
  { name: 'max_ms', hint: 'at most so many milliseconds' },
];

/** These take one value: another one replaces it. */
const SINGLE: ReadonlySet<string> = new Set(['min_level', 'min_ms', 'max_ms', 'outcome', 'kind']);
const KNOWN: ReadonlySet<string> = new Set([...FIELDS.map(({ name }) => name), 'hostname', 'q']);

/** Whether the gateway takes a filter of this name. */
export function isFilterName(name: string): boolean {
  return KNOWN.has(name) || /^data\..+/.test(name);
}

/** Adds a condition; the same value with the other sign, and another value of a single one, gives way. */
export function withFilter(filters: readonly Filter[], added: Filter): Filter[] {
  const others = filters.filter(({ name, value }) => {
    if (name !== added.name) return true;
    return !SINGLE.has(name) && value !== added.value;
  });
  return [...others, added];
}

/** As the gateway is asked: names with `!` where negated, values of one name together. */
export function queryOf(filters: readonly Filter[]): Query {
  const query: Record<string, string[]> = {};
  for (const { name, value, not } of filters) {
    const key = not ? `${name}!` : name;
    query[key] = [...(query[key] ?? []), value];
  }
  const words = query.q;
  if (words !== undefined) query.q = [words.join(' ')];
  return query as Query;
}

/**
 * Understands a line of the search bar: `level:ERROR`, `status!=404`, `data.plan=free`, `-path:/health`, and words, which are
 * looked for in the text.
 */
export function parseSearch(text: string): Filter[] {
  const filters: Filter[] = [];
  const words: string[] = [];
  for (const part of text.match(/(?:[^\s"]|"(?:\\"|[^"])*")+/g) ?? []) {
    const match = /^(-?)([a-z_]+|data\.[^\s=:!"]+)(!?[=:])(.+)$/s.exec(part);
    const name = match?.[2] ?? '';
    if (match === null || !isFilterName(name)) words.push(part);
    else {
      const not = match[1] === '-' || (match[3] ?? '').startsWith('!');
      filters.push({ name, value: unquoted(match[4] ?? ''), not });
    }
  }
  if (words.length > 0) filters.push({ name: 'q', value: words.join(' '), not: false });
  return filters;
}

/** A text as one phrase of `q`. */
export function phraseOf(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}

function unquoted(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('\\"', '"') : text;
}
