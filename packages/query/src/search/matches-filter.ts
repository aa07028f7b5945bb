import { type Entry, type Filter, type FilterField, LEVELS } from '@tailrace/schema';
import { ipRangeMatcher } from './ip-range.js';
import { textMatcher } from './text-search.js';
import { wildcardMatcher } from './wildcard.js';

type Check = (entry: Entry) => boolean;

/** One value of a filter. */
export type FilterValue<Field extends FilterField> = Exclude<NonNullable<Filter[Field]>, readonly unknown[]>;

/** One filter of a search. */
export interface Condition {
  readonly field: FilterField;
  /** An entry fits when it fits one of them. */
  readonly values: readonly unknown[];
  /** Wanted is what does not fit. */
  readonly isNegated: boolean;
}

/** The filters given, one by one. */
export function conditionsOf(filter: Filter): Condition[] {
  return Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({
      field: name.replace(/!$/, '') as FilterField,
      values: [value].flat(),
      isNegated: name.endsWith('!'),
    }));
}

/**
 * The whole meaning of a filter, on one entry: search, live tail and export all ask this.
 *
 * @returns a function that says whether all given filters hold.
 */
export function matchesFilter(filter: Filter): Check {
  return matchesConditions(conditionsOf(filter));
}

/** The same for some of a filter's conditions. */
export function matchesConditions(conditions: readonly Condition[]): Check {
  const checks = conditions.map(checkOf);
  return (entry) => checks.every((check) => check(entry));
}

function checkOf({ field, values, isNegated }: Condition): Check {
  const checks = values.map(CHECKS[field] as (value: unknown) => Check);
  return (entry) => checks.some((check) => check(entry)) !== isNegated;
}

/** One check for each filter there is. `status` is about requests, as its index is. */
const CHECKS: { readonly [Field in FilterField]: (value: FilterValue<Field>) => Check } = {
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
  q: textMatcher,
};

function withoutQuery(path: string): string {
  const end = path.search(/[?#]/);
  return end === -1 ? path : path.slice(0, end);
}
