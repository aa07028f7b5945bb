import { redisScript, runScript } from '@tailrace/redis';
import { scoreRange } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { CompiledFilter } from '../filter/compile-filter.js';
import {
  type CandidateGroup,
  candidateGroups,
  excludedKeys,
  type GroupContext,
  type IndexKey,
} from './candidate-groups.js';
import { COUNT_MEMBERS_LUA } from './count-members.lua.js';
import { readExistingValues } from './existing-values.js';
import { needsExistingValues } from './index-values.js';

const COUNT_SCRIPT = redisScript(COUNT_MEMBERS_LUA);

/** How to find the entries that are in every group. */
export interface SearchPlan {
  /** The sorted sets to walk: the group with the fewest members. */
  readonly driver: readonly IndexKey[];
  /** The keys of the other groups, smallest group first; groups too large to look into are left out. */
  readonly probes: readonly (readonly string[])[];
  /** A candidate in one of these does not match. */
  readonly excluded: readonly string[];
  /** The members of the driver are just the matches, each once. */
  readonly isAnswer: boolean;
  /** Members of the driver in the window. */
  readonly candidates: number;
}

/** What a search is planned with. */
export interface PlanContext extends GroupContext {
  readonly redis: Redis;
}

/** So few sorted sets are walked at once: counting them first would take as long. */
const MAX_UNCOUNTED_KEYS = 4;
/** From so many candidates on it pays to find out which paths and events there are. */
const EXISTING_VALUES_WORTH = 2_000;

/** Plans a search with as few questions to Redis as it takes. */
export async function planFor(
  filter: CompiledFilter,
  errorsOnly: boolean,
  context: PlanContext,
): Promise<Omit<SearchPlan, 'candidates'>> {
  const { redis, window } = context;
  const excluding = excludedKeys(filter, context);
  const groups = candidateGroups(filter, errorsOnly, context);
  const [group] = groups;
  const isSure = groups.length === 1 && group?.isAnswer && !group.keys.some(isSharedKey);
  if (isSure && group.keys.length <= MAX_UNCOUNTED_KEYS) {
    return { driver: group.keys, probes: [], excluded: [], isAnswer: true };
  }
  const plan = await planSearch(redis, groups, window.to, excluding);
  if (plan.candidates < EXISTING_VALUES_WORTH || !needsExistingValues(filter)) return plan;
  const existing = await readExistingValues(context);
  if (existing === undefined) return plan;
  return planSearch(redis, candidateGroups(filter, errorsOnly, context, existing), window.to, excluding);
}

/** Keys looked into for each candidate; past that, reading the entry and asking the filter is cheaper. */
const MAX_PROBE_KEYS = 16;

/**
 * Counts every group in the window and lets the smallest lead. Sorted sets without a member there are left out.
 *
 * @param excluding sorted sets whose members all fail to match
 */
export async function planSearch(
  redis: Redis,
  groups: readonly CandidateGroup[],
  to: number,
  excluding: readonly IndexKey[] = [],
): Promise<SearchPlan> {
  const counts = await countMembers(redis, [...groups.flatMap(({ keys }) => keys), ...excluding], to);
  const excluded = new Set(excluding.filter((key) => counts.get(key)).map(({ key }) => key));
  const counted = groups.map(({ keys }) => {
    const held = keys.filter((key) => counts.get(key) && !excluded.has(key.key));
    return { keys: held, count: sumOf(held.map((key) => counts.get(key) ?? 0)) };
  });
  const [driver, ...others] = counted.sort((a, b) => a.count - b.count);
  return {
    driver: driver?.keys ?? [],
    probes: others
      .map(({ keys }) => keys.map(({ key }) => key))
      .filter((keys) => keys.length <= MAX_PROBE_KEYS),
    excluded: excluded.size <= MAX_PROBE_KEYS ? [...excluded] : [],
    isAnswer: groups.length === 1 && groups[0]?.isAnswer === true && !driver?.keys.some(isSharedKey),
    candidates: driver?.count ?? 0,
  };
}

function isSharedKey({ isShared = false }: IndexKey): boolean {
  return isShared;
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

async function countMembers(
  redis: Redis,
  keys: readonly IndexKey[],
  to: number,
): Promise<Map<IndexKey, number>> {
  const names = keys.map(({ key }) => key);
  const { highest } = scoreRange({ from: to, to });
  const reply = (await runScript(redis, COUNT_SCRIPT, names, [highest, ...runsOf(keys, to)])) as number[];
  const counts = new Map<IndexKey, number>();
  for (let i = 0; i < reply.length; i += 2) {
    counts.set(keys[(reply[i] as number) - 1] as IndexKey, reply[i + 1] as number);
  }
  return counts;
}

/** Keys in a row with the same lowest score, as "how many, score": hundreds of keys have but a few scores. */
function runsOf(keys: readonly IndexKey[], to: number): number[] {
  const runs: number[] = [];
  for (const { from } of keys) {
    const { lowest } = scoreRange({ from, to });
    if (runs.at(-1) === lowest) (runs[runs.length - 2] as number) += 1;
    else runs.push(1, lowest);
  }
  return runs;
}
