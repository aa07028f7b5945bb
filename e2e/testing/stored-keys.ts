import { decodeEntry, decodeStreamEntry, type Entry } from '@tailrace/schema';
import { type ChainableCommander, Redis } from 'ioredis';

/** A key as SCAN finds it. */
export interface StoredKey {
  readonly key: string;
  readonly type: string;
  /** Milliseconds until it expires; -1: never. */
  readonly ttlMs: number;
}

/** A plain connection, to look at what Tailrace stored. */
export function connectTo(url: string): Redis {
  return new Redis(url, { replyMapping: 'legacy', maxRetriesPerRequest: 0 });
}

/** Every key of the database. */
export async function scanKeys(redis: Redis): Promise<StoredKey[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'COUNT', 1_000);
    for (const key of found) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  const names = [...keys];
  const types = await pipelined(redis, names, (pipeline, key) => pipeline.type(key));
  const ttls = await pipelined(redis, names, (pipeline, key) => pipeline.pttl(key));
  return names.map((key, i) => ({ key, type: String(types[i]), ttlMs: Number(ttls[i]) }));
}

/** The entries of these hashes, in this order. */
export async function readEntries(redis: Redis, ids: readonly string[]): Promise<Entry[]> {
  const hashes = await pipelined(redis, ids, (pipeline, id) => pipeline.hgetall(id));
  return hashes.map((hash, i) => decodeEntry(ids[i] as string, hash as Record<string, string>) as Entry);
}

/** Every entry of the stream, oldest first. */
export async function readStream(redis: Redis, key: string): Promise<Entry[]> {
  const records = await redis.xrange(key, '-', '+');
  return records.map(([, [, json]]) => decodeStreamEntry(json as string) as Entry);
}

/** Members of a sorted set and their scores. */
export async function readSortedSet(redis: Redis, key: string): Promise<Map<string, number>> {
  const flat = await redis.zrange(key, '0', '-1', 'WITHSCORES');
  const pairs = new Map<string, number>();
  for (let i = 0; i < flat.length; i += 2) pairs.set(flat[i] as string, Number(flat[i + 1]));
  return pairs;
}

/** Fields of a hash of numbers. */
export async function readCounts(redis: Redis, key: string): Promise<Map<string, number>> {
  const fields = Object.entries(await redis.hgetall(key));
  return new Map(fields.map(([field, count]) => [field, Number(count)]));
}

async function pipelined(
  redis: Redis,
  keys: readonly string[],
  add: (pipeline: ChainableCommander, key: string) => unknown,
): Promise<unknown[]> {
  const pipeline = redis.pipeline();
  for (const key of keys) add(pipeline, key);
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
}
