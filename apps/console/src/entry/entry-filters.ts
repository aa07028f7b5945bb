import type { Entry } from '../state/api.js';
import { type Filter, phraseOf } from '../state/filters.js';

/** Which filter finds entries by a field. */
const FILTER_OF: Readonly<Record<string, string>> = {
  level: 'level',
  kind: 'kind',
  component: 'component',
  event: 'event',
  outcome: 'outcome',
  client_ip: 'ip',
  client_hostname: 'fqdn',
  proxy_hostname: 'host',
  method: 'method',
  path: 'path',
  status_code: 'status',
  user_id: 'user',
  session_id: 'session',
  client_id: 'client',
  trace_id: 'trace',
  objects: 'object',
  response_time_ms: 'min_ms',
};
/** Fields whose text `q` looks into. */
const SEARCHED: ReadonlySet<string> = new Set(['message', 'user_agent', 'error.message', 'error.type']);
const MAX_PHRASE = 200;

/** @returns the filter that takes entries with this value in this field; `undefined` where there is none */
export function filterFor(field: string, value: unknown): Omit<Filter, 'not'> | undefined {
  if (typeof value === 'object' && value !== null) return undefined;
  const text = String(value);
  if (field.startsWith('data.')) return { name: field, value: dataValue(text) };
  const name = FILTER_OF[field];
  if (name !== undefined && text !== '') return { name, value: field === 'path' ? withoutQuery(text) : text };
  if (SEARCHED.has(field) && text.trim() !== '')
    return { name: 'q', value: phraseOf(text.slice(0, MAX_PHRASE)) };
  return undefined;
}

/** Links from an entry to what belongs with it. */
export function relatedOf(entry: Entry): { readonly label: string; readonly filter: Filter }[] {
  const links: [string, string, string | undefined][] = [
    ['Same trace', 'trace', entry.trace_id],
    ['Same session', 'session', entry.session_id],
    ['Same user', 'user', entry.user_id],
    ['Same client IP', 'ip', entry.client_ip],
    ['Same OAuth client', 'client', entry.client_id],
    ...runOf(entry),
    ...(entry.objects ?? []).slice(0, 3).map((id): [string, string, string] => [`About ${id}`, 'object', id]),
  ];
  return links.flatMap(([label, name, value]) =>
    value === undefined || value === '' ? [] : [{ label, filter: { name, value, not: false } }],
  );
}

/** The run an entry was logged in, where its data names one. */
function runOf({ data }: Entry): [string, string, string][] {
  const run = data?.run;
  const id = typeof run === 'object' && run !== null && !Array.isArray(run) ? run.id : undefined;
  const named: [string, unknown][] = [
    ['data.run_id', data?.run_id],
    ['data.run.id', id],
  ];
  return named.flatMap(([name, value]): [string, string, string][] =>
    typeof value === 'string' && value !== '' ? [['Same run', name, dataValue(value)]] : [],
  );
}

/** A text that begins as a comparison is found as a pattern. */
export function dataValue(text: string): string {
  return /^[<>]/.test(text) ? `*${text}` : text;
}

function withoutQuery(path: string): string {
  return path.replace(/\?.*$/s, '');
}
