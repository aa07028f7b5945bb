import {
  type FilterField,
  type IndexName,
  LEVEL_NAMES,
  type Level,
  levelsFrom,
  NO_VALUE,
  OTHER_VALUE,
  REQUEST_COMPONENT,
  type StatusRange,
  statusesOfLevel,
  traceBucket,
} from '@tailrace/schema';
import type { CompiledFilter, Condition, ConditionField } from '../filter/compile-filter.js';
import type { FilterValue } from '../filter/field-checks.js';
import { pathValues, valuesOfMethod } from './path-values.js';

/** One sorted set of an index by its name and value. */
export type IndexValue = readonly [name: IndexName, value: string];

/** Values that exist in some indexes, for filters that do not name one value. */
export interface ExistingValues {
  /** Of the path index. */
  readonly paths: readonly string[];
  readonly events: readonly string[];
}

type ValuesOf<Value> = (
  value: Value,
  existing: ExistingValues | undefined,
) => readonly IndexValue[] | undefined;

/**
 * Where all entries of each filter's value are found, and maybe others. A filter that is not here, or `undefined`, has
 * no index.
 */
export const INDEX_OF: { readonly [Field in FilterField]?: ValuesOf<FilterValue<Field>> } = {
  ip: (value) => (value.includes('/') ? undefined : [['ip', value]]),
  fqdn: (value) => [['fqdn', value]],
  host: hostValues,
  hostname: (value) => [['fqdn', value], ...hostValues(value)],
  user: (value) => [['user', value]],
  session: (value) => [['session', value]],
  client: (value) => [['client', value]],
  trace: (value) => [['trace', traceBucket(value)]],
  component: (value) => (value === REQUEST_COMPONENT ? undefined : [['component', value]]),
  event: (value, existing) => {
    if (!value.endsWith('*')) return [eventValue(value)];
    const start = value.slice(0, -1);
    if (existing !== undefined)
      return existing.events.filter((event) => event.startsWith(start)).map(eventValue);
    return start.startsWith('oauth.') ? [['oauth_events', NO_VALUE]] : undefined;
  },
  level: levelValues,
  min_level: (value) => levelsFrom(value).flatMap(levelValues),
  status: statusValues,
  path: (value, existing) =>
    existing && [...pathIndexValues(pathValues(value, existing.paths)), ...OTHER_THAN_REQUESTS],
  method: (value, existing) =>
    existing && [...pathIndexValues(valuesOfMethod(value, existing.paths)), ...OTHER_THAN_REQUESTS],
  object: (value) => [['object', value]],
};

/**
 * Filters whose index may hold other entries as well (`trace`: of its bucket; `level`: requests whose writer gave them
 * another level than their status has; `path`, `method`: of its pattern) or one entry twice (`hostname`).
 */
const INEXACT: ReadonlySet<ConditionField> = new Set([
  'trace',
  'hostname',
  'level',
  'min_level',
  'event',
  'path',
  'method',
]);

/** Whether the index of one value of a filter holds its entries and nothing else. */
export function isExactIndex(field: ConditionField, value: unknown): boolean {
  return !INEXACT.has(field) || (field === 'event' && !isStartOfEvent(value));
}

/** Filters that have an index only with {@link ExistingValues}, or a better one. */
export function needsExistingValues({ conditions }: CompiledFilter): boolean {
  return conditions.some((condition) => !condition.isNegated && isListed(condition));
}

/** Whether the values of a filter's index are read from {@link ExistingValues}. */
export function isListed({ field, values }: Pick<Condition, 'field' | 'values'>): boolean {
  return field === 'path' || field === 'method' || (field === 'event' && values.some(isStartOfEvent));
}

function isStartOfEvent(event: unknown): boolean {
  return String(event).endsWith('*');
}

/** Whether a sorted set has entries of values that have none of their own. */
export function isShared([name, value]: IndexValue): boolean {
  return name === 'host' && value === OTHER_VALUE;
}

/** Sorted sets that hold only entries of one value of a filter, though maybe not all. */
export function surelyOf(field: ConditionField, value: unknown): readonly IndexValue[] {
  if (field === 'level') return [['level', value as string]];
  if (field === 'min_level') return levelsFrom(value as Level).map((level) => ['level', level]);
  if (field !== 'hostname' && !isExactIndex(field, value)) return [];
  return (indexValuesOf(field, value, undefined) ?? []).filter((indexValue) => !isShared(indexValue));
}

/** The sorted sets of one value of a filter, as {@link INDEX_OF} says. */
export function indexValuesOf(
  field: ConditionField,
  value: unknown,
  existing: ExistingValues | undefined,
): readonly IndexValue[] | undefined {
  if (field === 'data') return undefined;
  return (INDEX_OF[field] as ValuesOf<unknown> | undefined)?.(value, existing);
}

/** A writer that has no room for a host puts its entries with the others. */
function hostValues(host: string): IndexValue[] {
  return [
    ['host', host],
    ['host', OTHER_VALUE],
  ];
}

/** A request whose level follows from its status is not in the level index: the status index stands for it. */
function levelValues(level: Level): IndexValue[] {
  const statuses = statusesOfLevel(level);
  return [['level', level], ...(statuses === undefined ? [] : statusValues(statuses))];
}

function statusValues({ from, to }: StatusRange): IndexValue[] {
  return Array.from({ length: to - from + 1 }, (_, i) => ['status', String(from + i)]);
}

function eventValue(event: string): IndexValue {
  return [event.startsWith('oauth.') ? 'oauth' : 'event', event];
}

function pathIndexValues(values: readonly string[]): IndexValue[] {
  return values.map((value) => ['path', value]);
}

/** Where every entry is that is not a request; some requests are there too. */
const OTHER_THAN_REQUESTS: readonly IndexValue[] = LEVEL_NAMES.map((level) => ['level', level]);

/** Where every entry is. */
export const EVERY_ENTRY: readonly IndexValue[] = LEVEL_NAMES.flatMap(levelValues);
