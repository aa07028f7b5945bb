import type { Redis } from 'ioredis';
import { pipelined } from '../statistics/hour-counters.js';

/** Keys asked about in one pipeline: about 1 ms of Redis. */
const CHUNK = 500;

/** What one key takes. */
export interface KeySize {
  /** As `MEMORY USAGE` says, which looks at some members of a large key only; 0 for one that is not there. */
  readonly bytes: number;
  /** Members of a sorted set. */
  readonly members: number;
}

/** @returns bytes by key; keys that are not there take none. */
export async function bytesOfKeys(
  redis: Redis,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, number>> {
  const sizes = await inChunks(keys, signal, (some) =>
    pipelined<number | null>(redis, some, (pipeline, key) => pipeline.memory('USAGE', key)),
  );
  return new Map(keys.map((key, i) => [key, sizes[i] ?? 0]));
}

/** @returns bytes and members of sorted sets by key. */
export async function sizesOfSets(
  redis: Redis,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, KeySize>> {
  const bytes = await bytesOfKeys(redis, keys, signal);
  const members = await membersOf(redis, keys, signal);
  return new Map(keys.map((key, i) => [key, { bytes: bytes.get(key) ?? 0, members: members[i] ?? 0 }]));
}

/** @returns how many members each sorted set has; 0 for one that is not there, or is another type of key. */
export async function membersOf(
  redis: Redis,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<number[]> {
  const counts = await inChunks(keys, signal, (some) =>
    pipelined<number>(redis, some, (pipeline, key) => pipeline.zcard(key)),
  );
  return counts.map((count) => count ?? 0);
}

async function inChunks<Reply>(
  keys: readonly string[],
  signal: AbortSignal | undefined,
  ask: (keys: readonly string[]) => Promise<Reply[]>,
): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (let i = 0; i < keys.length; i += CHUNK) {
    signal?.throwIfAborted();
    replies.push(...(await ask(keys.slice(i, i + CHUNK))));
  }
  return replies;
}
