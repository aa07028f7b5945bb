import { dataPathOf, type Filter, type FilterField, isDataFilter } from '@tailrace/schema';
import { dataMatcher } from './data-matcher.js';
import { type Check, FIELD_CHECKS } from './field-checks.js';

/** What a condition is about; `data`: a field of it. */
export type ConditionField = FilterField | 'data';

/** One parameter of a query: a field with the values it is compared with. */
export interface Condition {
  /** As the query names it, without `!`: `ip`, `data.order.id`. */
  readonly name: string;
  readonly field: ConditionField;
  /** As the filter has them; an entry fits when it fits one of them. */
  readonly values: readonly unknown[];
  /** Wanted are the entries that do not fit. */
  readonly isNegated: boolean;
  /** Whether the condition holds for an entry, its negation included. */
  readonly holds: Check;
}

/**
 * A filter, read once: `matches` decides on entries, for search, tail, export, clear and statistics alike, and the
 * conditions tell planners where to look.
 */
export interface CompiledFilter {
  /** Every condition of the query, negated ones as well. */
  readonly conditions: readonly Condition[];
  /** Whether all conditions hold; false for a malformed entry that a condition cannot read. */
  readonly matches: Check;
}

/** Reads a filter; one that is compiled already is returned as it is. */
export function compileFilter(filter: Filter | CompiledFilter): CompiledFilter {
  return isCompiled(filter) ? filter : compiledOf(conditionsOf(filter));
}

/** The conditions of a filter for which a test holds, as a filter of their own. */
export function partOf(filter: CompiledFilter, isPart: (condition: Condition) => boolean): CompiledFilter {
  return compiledOf(filter.conditions.filter(isPart));
}

function compiledOf(conditions: readonly Condition[]): CompiledFilter {
  const checks = conditions.map(({ holds }) => holds);
  return {
    conditions,
    matches(entry) {
      try {
        return checks.every((holds) => holds(entry));
      } catch {
        return false;
      }
    },
  };
}

function conditionsOf(filter: Filter): Condition[] {
  return Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([parameter, value]) => {
      const name = parameter.replace(/!$/, '');
      const isNegated = name !== parameter;
      const values: unknown[] = [value].flat();
      const checks = values.map(checkOf(name));
      const holds: Check = (entry) => checks.some((fits) => fits(entry)) !== isNegated;
      return { name, field: isDataFilter(name) ? 'data' : (name as FilterField), values, isNegated, holds };
    });
}

function checkOf(name: string): (value: unknown) => Check {
  if (!isDataFilter(name)) return FIELD_CHECKS[name as FilterField] as (value: unknown) => Check;
  const path = dataPathOf(name);
  if (path === undefined)
    throw new RangeError(`${name} is invalid; allowed: data. and names with dots between`);
  return (value) => dataMatcher(path, String(value));
}

function isCompiled(filter: Filter | CompiledFilter): filter is CompiledFilter {
  return 'matches' in filter && typeof filter.matches === 'function';
}
