import { type Entry, type Filter, type FilterField, LEVELS } from '@tailrace/schema';
import { ipRangeMatcher } from './ip-range.js';
import { textMatcher } from './text-search.js';
import { wildcardMatcher } from './wildcard.js';

/** Whether an entry fits. */
export type Check = (entry: Entry) => boolean;

/** One value of a filter. */
export type FilterValue<Field extends FilterField> = Exclude<NonNullable<Filter[Field]>, readonly unknown[]>;

/** What each filter says of one value. `status` is about requests, as its index is. */
export const FIELD_CHECKS: { readonly [Field in FilterField]: (value: FilterValue<Field>) => Check } = {
  ip: ipRangeMatcher,
  fqdn: (value) => (entry) => entry.client_hostname === value,
  host: (value) => (entry) => entry.proxy_hostname === value,
  hostname: (value) => (entry) => entry.client_hostname === value || entry.proxy_hostname === value,
  user: (value) => (entry) => entry.user_id === value,
  session: (value) => (entry) => entry.session_id === value,
  client: (value) => (entry) => entry.client_id === value,
  trace: (value) => (entry) => entry.trace_id === value,
  component: (value) => (entry) => entry.component === value,
  event: (value) => {
    if (!value.endsWith('*')) return (entry) => entry.event === value;
    const start = value.slice(0, -1);
    return (entry) => entry.event?.startsWith(start) === true;
  },
  level: (value) => (entry) => entry.level === value,
  min_level: (value) => (entry) => LEVELS[entry.level] >= LEVELS[value],
  method: (value) => (entry) => entry.method?.toUpperCase() === value,
  status:
    ({ from, to }) =>
    ({ kind, status_code: status }) =>
      kind === 'request' && status !== undefined && status >= from && status <= to,
  path: (value) => {
    const fits = wildcardMatcher(value);
    return (entry) => entry.path !== undefined && fits(withoutQuery(entry.path));
  },
  min_ms: (value) => (entry) => entry.response_time_ms !== undefined && entry.response_time_ms >= value,
  max_ms: (value) => (entry) => entry.response_time_ms !== undefined && entry.response_time_ms <= value,
  object: (value) => (entry) => entry.objects?.includes(value) === true,
  outcome: (value) => (entry) => entry.outcome === value,
  kind: (value) => (entry) => entry.kind === value,
  q: textMatcher,
};

function withoutQuery(path: string): string {
  const end = path.search(/[?#]/);
  return end === -1 ? path : path.slice(0, end);
}
