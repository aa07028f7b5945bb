import type { Redis } from 'ioredis';
import type { CandidateGroup, IndexKey } from './candidate-groups.js';
import { redisScript, runScript } from './redis-script.js';

/** How to find the entries that are in every group. */
export interface SearchPlan {
  /** The sorted sets to walk: the group with the fewest members. */
  readonly driver: readonly IndexKey[];
  /** The keys of the other groups, smallest group first. */
  readonly probes: readonly (readonly string[])[];
  /** Members of the driver in the window. */
  readonly candidates: number;
}

/** Counts every group in the window and lets the smallest lead. Sorted sets without a member there are left out. */
export async function planSearch(
  redis: Redis,
  groups: readonly CandidateGroup[],
  to: number,
): Promise<SearchPlan> {
  const counts = await countMembers(
    redis,
    groups.flatMap(({ keys }) => keys),
    to,
  );
  const counted = groups.map(({ keys }) => {
    const held = keys.filter((key) => (counts.get(key) ?? 0) > 0);
    return { keys: held, count: held.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0) };
  });
  const [driver, ...others] = counted.sort((a, b) => a.count - b.count);
  return {
    driver: driver?.keys ?? [],
    probes: others.map(({ keys }) => keys.map(({ key }) => key)),
    candidates: driver?.count ?? 0,
  };
}

async function countMembers(
  redis: Redis,
  keys: readonly IndexKey[],
  to: number,
): Promise<Map<IndexKey, number>> {
  const names = keys.map(({ key }) => key);
  const counts = (await runScript(redis, COUNT_SCRIPT, names, [
    to,
    ...keys.map(({ from }) => from),
  ])) as number[];
  return new Map(keys.map((key, i) => [key, counts[i] ?? 0]));
}

/**
 * Counts the members of sorted sets from a score on: one call, where a command for each of hundreds would cost more to
 * send than to run.
 *
 * KEYS  the sorted sets
 * ARGV  1 highest score; then for each set its lowest score
 * Reply the counts, in the order of KEYS; 0 for a key of another type
 */
const COUNT_SCRIPT = redisScript(`
local counts = {}
for i, key in ipairs(KEYS) do
  local count = redis.pcall('ZCOUNT', key, ARGV[i + 1], ARGV[1])
  counts[i] = type(count) == 'number' and count or 0
end
return counts
`);
