import type { Level } from '../entry/level.js';
import { type DataFilterName, isDataFilter } from './data-filter.js';

/** A range of status codes, both ends included. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** One value of a filter, or several: an entry fits when it fits one of them. */
export type OneOrMore<Value> = Value | readonly Value[];

/** What each filter compares with; texts are as the filter parameter's rule leaves them (lower case, canonical). */
interface FilterValues {
  /** Canonical address, or a CIDR range. */
  readonly ip: OneOrMore<string>;
  readonly fqdn: OneOrMore<string>;
  readonly host: OneOrMore<string>;
  readonly hostname: OneOrMore<string>;
  readonly user: OneOrMore<string>;
  readonly session: OneOrMore<string>;
  readonly client: OneOrMore<string>;
  readonly trace: OneOrMore<string>;
  readonly component: OneOrMore<string>;
  /** An event; with `*` at its end every event that begins so. */
  readonly event: OneOrMore<string>;
  readonly level: OneOrMore<Level>;
  readonly min_level: Level;
  /** In upper case. */
  readonly method: OneOrMore<string>;
  readonly status: OneOrMore<StatusRange>;
  /** Without its query; `*` is any characters. */
  readonly path: OneOrMore<string>;
  /** Milliseconds, included. */
  readonly min_ms: number;
  /** Milliseconds, included. */
  readonly max_ms: number;
  readonly object: OneOrMore<string>;
  readonly outcome: 'success' | 'failure';
  readonly kind: 'request' | 'log';
  /** Words and quoted phrases. */
  readonly q: string;
}

/** Name of a filter, not negated. */
export type FilterField = keyof FilterValues;

/** Every filter there is, not negated, in the order docs show them; whether it may be given more than once. */
const FIELDS: Readonly<Record<FilterField, 'one' | 'several'>> = {
  ip: 'several',
  fqdn: 'several',
  host: 'several',
  hostname: 'several',
  user: 'several',
  session: 'several',
  client: 'several',
  trace: 'several',
  component: 'several',
  event: 'several',
  level: 'several',
  min_level: 'one',
  method: 'several',
  status: 'several',
  path: 'several',
  min_ms: 'one',
  max_ms: 'one',
  object: 'several',
  outcome: 'one',
  kind: 'one',
  q: 'one',
};

/** Every filter there is, not negated. */
export const FILTER_FIELDS = Object.keys(FIELDS) as readonly FilterField[];

/**
 * What entries a reader wants. All given filters must hold; one whose name ends in `!` takes every entry the filter
 * without it does not take.
 */
export type Filter = {
  readonly [Field in FilterField]?: FilterValues[Field] | undefined;
} & { readonly [Field in FilterField as `${Field}!`]?: FilterValues[Field] | undefined } & DataFilters;

/**
 * Filters on fields of `data`, by path: an exact text, a pattern with `*`, or a number to compare with (`>100`); with `!`
 * at the end of the name the contrary.
 */
export type DataFilters = { readonly [Name in DataFilterName]?: OneOrMore<string> | undefined };

/** Whether a filter takes several values, so that its parameter may be given more than once. */
export function takesSeveral(field: string): boolean {
  return isDataFilter(field) || FIELDS[field.replace(/!$/, '') as FilterField] === 'several';
}
