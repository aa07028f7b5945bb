import type { Redis } from 'ioredis';

/** Fields of one hash that are read in one go: about 1 ms of Redis. */
const MAX_FIELDS = 2_000;
/** Fields of one hash that are read at all. */
const FIELD_BUDGET = 20_000;
/** Hashes in one pipeline: about 3 ms of Redis. */
const CHUNK = 100;

/** One hash of counters. */
export interface HourCounters {
  readonly counts: ReadonlyMap<string, number>;
  /** The hash has more fields than are read. */
  readonly isCut: boolean;
}

/** Reads hashes of counters in the order of their keys, in bounded steps; one that is not there is empty. */
export async function readCounters(
  redis: Redis,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<HourCounters[]> {
  const read: HourCounters[] = [];
  for (let i = 0; i < keys.length; i += CHUNK) {
    signal?.throwIfAborted();
    read.push(...(await readChunk(redis, keys.slice(i, i + CHUNK))));
  }
  return read;
}

/** Adds up counters of several hours. */
export function addUp(hours: readonly HourCounters[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { counts } of hours) {
    for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return sums;
}

async function readChunk(redis: Redis, keys: readonly string[]): Promise<HourCounters[]> {
  const sizes = await pipelined<number>(redis, keys, (pipeline, key) => pipeline.hlen(key));
  const isSmall = keys.map((_, i) => (sizes[i] ?? 0) <= MAX_FIELDS);
  const small = await pipelined<Record<string, string>>(
    redis,
    keys.filter((_, i) => isSmall[i] && sizes[i]),
    (pipeline, key) => pipeline.hgetall(key),
  );
  const found: HourCounters[] = [];
  for (const [i, key] of keys.entries()) {
    if (!isSmall[i]) found.push(await scanCounters(redis, key));
    else
      found.push({
        counts: sizes[i] ? countsOf(Object.entries(small.shift() ?? {})) : new Map(),
        isCut: false,
      });
  }
  return found;
}

async function scanCounters(redis: Redis, key: string): Promise<HourCounters> {
  const pairs: [string, string][] = [];
  let cursor = '0';
  do {
    const [next, flat] = await redis.hscan(key, cursor, 'COUNT', MAX_FIELDS);
    for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i] as string, flat[i + 1] as string]);
    cursor = next;
  } while (cursor !== '0' && pairs.length < FIELD_BUDGET);
  return { counts: countsOf(pairs), isCut: cursor !== '0' };
}

function countsOf(pairs: readonly (readonly [string, string])[]): Map<string, number> {
  return new Map(pairs.map(([name, text]) => [name, Number(text) || 0]));
}

type Pipeline = ReturnType<Redis['pipeline']>;

/** @returns the replies in order; `undefined` for a key of another type. */
export async function pipelined<Reply>(
  redis: Redis,
  keys: readonly string[],
  command: (pipeline: Pipeline, key: string) => unknown,
): Promise<(Reply | undefined)[]> {
  if (keys.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const key of keys) command(pipeline, key);
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error === null) return reply as Reply;
    if (error.message.startsWith('WRONGTYPE')) return undefined;
    throw error;
  });
}
