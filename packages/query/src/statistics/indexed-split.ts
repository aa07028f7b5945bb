import type { HistogramSplit, StatusRange, TimeWindow } from '@tailrace/schema';
import type { CompiledFilter, Condition } from '../filter/compile-filter.js';
import type { CandidateGroup } from '../search/candidate-groups.js';
import { planSearch } from '../search/search-plan.js';
import type { Shard } from '../shards/shard.js';
import { levelKeys, type NamedKeys, statusKeys } from './entries-over-time.js';
import { countRanges } from './window-counts.js';

/** Sorted sets that say how many entries there are under each name. */
export interface IndexedSplit {
  readonly groups: readonly NamedKeys[];
  /** Some entries may be in two of them. */
  readonly isInexact: boolean;
}

const EVERY_STATUS: StatusRange = { from: 100, to: 599 };

/**
 * The sorted sets of one shard whose members are just the matches, one way or another.
 *
 * @param groups of the search for the same
 * @returns `undefined` when the indexes do not say
 */
export async function indexedSplit(
  { keyspace, redis }: Shard,
  { filter: { conditions }, window }: { readonly filter: CompiledFilter; readonly window: TimeWindow },
  split: HistogramSplit,
  groups: readonly CandidateGroup[],
): Promise<IndexedSplit | undefined> {
  if (split === 'status') {
    const ranges = statusesAlone(conditions);
    if (ranges !== undefined) return { groups: statusKeys(keyspace, ranges), isInexact: false };
  }
  if (conditions.length === 0) {
    const named = levelKeys(keyspace).map(({ name, keys }) => ({
      name: split === 'level' ? name : '',
      keys,
    }));
    return { groups: named, isInexact: true };
  }
  if (split !== 'none' || groups.length > 1 || !groups[0]?.isAnswer) return undefined;
  const { driver, isAnswer } = await planSearch(redis, groups, window.to);
  return isAnswer ? { groups: [{ name: '', keys: driver }], isInexact: false } : undefined;
}

/** Of hundreds of statuses a few exist: only those are counted bucket by bucket. */
export async function heldKeys(
  { redis }: Shard,
  groups: readonly NamedKeys[],
  { from, to }: TimeWindow,
): Promise<NamedKeys[]> {
  const keys = groups.flatMap((group) => group.keys);
  const counts = await countRanges(
    redis,
    keys.map(({ key }) => ({ key, from, to })),
  );
  const held = new Set(keys.filter((_, i) => counts[i]));
  return groups.map(({ name, keys }) => ({ name, keys: keys.filter((key) => held.has(key)) }));
}

/** The statuses, where the conditions ask for nothing else; every status, where they ask for nothing at all. */
function statusesAlone(conditions: readonly Condition[]): readonly StatusRange[] | undefined {
  const [only, ...others] = conditions;
  if (only === undefined) return [EVERY_STATUS];
  const isStatus = only.field === 'status' && !only.isNegated && others.length === 0;
  return isStatus ? (only.values as readonly StatusRange[]) : undefined;
}
