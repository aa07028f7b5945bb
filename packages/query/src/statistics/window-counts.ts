import { redisScript, runScript } from '@tailrace/redis';
import { scoreRange } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { COUNT_RANGES_LUA } from './count-ranges.lua.js';

const COUNT_RANGES_SCRIPT = redisScript(COUNT_RANGES_LUA);

/** A sorted set and the timestamps to count in it, in whole milliseconds, both ends included. */
export interface CountedRange {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** Counts in one call: about 1 ms of Redis. */
const CHUNK = 500;

/** How many members each range has, in the order given, in calls of bounded length. */
export async function countRanges(
  redis: Redis,
  ranges: readonly CountedRange[],
  signal?: AbortSignal,
): Promise<number[]> {
  const counts: number[] = [];
  for (let i = 0; i < ranges.length; i += CHUNK) {
    signal?.throwIfAborted();
    const chunk = ranges.slice(i, i + CHUNK);
    const reply = await runScript(
      redis,
      COUNT_RANGES_SCRIPT,
      chunk.map(({ key }) => key),
      chunk.flatMap((range) => {
        const { lowest, highest } = scoreRange(range);
        return [lowest, highest];
      }),
    );
    counts.push(...(reply as number[]));
  }
  return counts;
}
