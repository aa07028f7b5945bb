import {
  CLASS_INDEX,
  DAY_MS,
  indexNamed,
  indexRetention,
  type Keyspace,
  LONGER_CLASSES,
  NO_VALUE,
  type RetentionClass,
  type RetentionDays,
  type TimeWindow,
} from '@tailrace/schema';
import type { CompiledFilter, Condition } from '../filter/compile-filter.js';
import {
  EVERY_ENTRY,
  type ExistingValues,
  type IndexValue,
  indexValuesOf,
  isExactIndex,
  isListed,
  isShared,
  surelyOf,
} from './index-values.js';

/** One sorted set of an index, and the lowest timestamp that counts in it. */
export interface IndexKey {
  readonly key: string;
  readonly from: number;
  /** Its members are not all matches of what it is looked into for. */
  readonly isShared?: boolean;
}

/** Sorted sets that together hold every entry in the window for which one part of the search holds. */
export interface CandidateGroup {
  readonly keys: readonly IndexKey[];
  /**
   * The keys hold just the matches of the whole search, each once, where none with a member is shared: their counts add up
   * to its total.
   */
  readonly isAnswer: boolean;
}

/** What the groups of a search follow from. */
export interface GroupContext {
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  readonly window: TimeWindow;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** More sorted sets than this are no help: looking into each costs more than reading the entries. */
const MAX_VALUE_KEYS = 600;

/**
 * The groups of sorted sets a search needs: an entry that matches is in every one of them. Without any filter that
 * has an index it is all entries, by level and status.
 *
 * @param existing gives an index to filters that do not name one value; without it those have none
 */
export function candidateGroups(
  { conditions }: CompiledFilter,
  errorsOnly: boolean,
  context: GroupContext,
  existing?: ExistingValues,
): CandidateGroup[] {
  const isAlone = conditions.length + (errorsOnly ? 1 : 0) === 1;
  const groups: CandidateGroup[] = [];
  if (errorsOnly) groups.push(groupOf([['errors', NO_VALUE]], isAlone, context));
  for (const condition of conditions) {
    const values = valuesOf(condition, existing);
    if (values === undefined) continue;
    const isAnswer = isAlone && isExact(condition);
    groups.push(groupOf(values, isAnswer, context, isListed(condition)));
  }
  return groups.length > 0 ? groups : [groupOf(EVERY_ENTRY, false, context)];
}

/** Sorted sets whose members all fail to match. */
export function excludedKeys({ conditions }: CompiledFilter, { keyspace, window }: GroupContext): IndexKey[] {
  return conditions
    .filter(({ isNegated }) => isNegated)
    .flatMap(({ field, values }) => values.flatMap((value) => surelyOf(field, value)))
    .map(([name, value]) => ({ key: keyspace.index(indexNamed(name), value), from: window.from }));
}

/** The sorted sets of all values of a condition; `undefined` when one of the values has no index. */
function valuesOf(
  { field, values, isNegated }: Condition,
  existing?: ExistingValues,
): IndexValue[] | undefined {
  if (isNegated) return undefined;
  const all: IndexValue[] = [];
  for (const value of values) {
    const found = indexValuesOf(field, value, existing);
    if (found === undefined) return undefined;
    all.push(...found);
  }
  return all.length > MAX_VALUE_KEYS ? undefined : all;
}

/** An entry may have several objects, and would be counted under each of them. */
function isExact({ field, values }: Condition): boolean {
  return values.every((value) => isExactIndex(field, value)) && (field !== 'object' || values.length === 1);
}

/** @param isListed the values are those there were in the days of class `requests`: of older ones nobody knows the names */
function groupOf(
  values: readonly IndexValue[],
  isAnswer: boolean,
  context: GroupContext,
  isListed = false,
): CandidateGroup {
  const { keyspace, retentionDays, window, now } = context;
  const keys = new Map<string, IndexKey>();
  const oldestOf = (retention: RetentionClass) => now - retentionDays[retention] * DAY_MS;
  const add = (key: string, retention: RetentionClass, isShared = false) =>
    keys.set(key, { key, from: Math.max(window.from, oldestOf(retention)), isShared });
  let isComplete = true;
  for (const [name, value] of values) {
    const spec = indexNamed(name);
    const retention = indexRetention(spec, value);
    add(keyspace.index(spec, value), retention, isShared([name, value]));
    if (window.from >= oldestOf(retention)) continue;
    isComplete = false;
    if (spec.keptByClass && !isListed) {
      for (const longer of LONGER_CLASSES) add(keyspace.classIndex(longer, spec, value), longer);
    } else {
      // Not kept by class, or not by a name that is known: older ones are found among all of their class.
      for (const longer of LONGER_CLASSES) {
        const [index, member] = CLASS_INDEX[longer];
        add(keyspace.index(indexNamed(index), member), longer);
      }
    }
  }
  return { keys: [...keys.values()], isAnswer: isAnswer && isComplete };
}
