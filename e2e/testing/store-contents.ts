import { decodeStreamEntry, Keyspace, LOGGER_COMPONENT } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { readCounts } from './stored-keys.js';

const PAGE = 5_000;

/** What a store holds of entries that all say their `request_id`. */
export interface StoreContents {
  /** As often as there is a hash. */
  readonly hashes: readonly string[];
  /** As often as they are in the streams. */
  readonly streamed: readonly string[];
  /** Members of the indexes by level and status, which have each entry once. */
  readonly indexed: number;
  /** Entries the counters of the hours have counted. */
  readonly counted: number;
  /** Entries the writers say they wrote. */
  readonly written: number;
}

/** Reads the keys of one keyspace. Entries of the logger's own are left out. */
export async function readContents(redis: Redis, keyspace = new Keyspace()): Promise<StoreContents> {
  const keys = await keysOf(redis, keyspace);
  const ids = keys.filter((key) => /^(req|log):/.test(key.slice(keyspace.base.length)));
  const hashes = await requestIds(redis, ids);
  const streamed = await streamedIds(redis, keyspace);
  let [indexed, counted, written] = [0, 0, 0];
  for (const key of keys) {
    const name = key.slice(keyspace.base.length);
    if (/^idx:req:(level|status):/.test(name)) indexed += await redis.zcard(key);
    if (/^stats:requests:\d{8}:\d{2}$/.test(name)) counted += countOf(await readCounts(redis, key));
    if (name.startsWith('writers:')) written += Number((await redis.hget(key, 'written')) ?? 0);
  }
  return { hashes, streamed, indexed, counted, written };
}

async function keysOf(redis: Redis, { base }: Keyspace): Promise<string[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${base}*`, 'COUNT', PAGE);
    for (const key of found) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...keys];
}

async function requestIds(redis: Redis, ids: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (let at = 0; at < ids.length; at += PAGE) {
    const pipeline = redis.pipeline();
    for (const id of ids.slice(at, at + PAGE)) pipeline.hget(id, 'request_id');
    for (const [error, value] of (await pipeline.exec()) ?? []) {
      if (error !== null) throw error;
      if (typeof value === 'string') found.push(value);
    }
  }
  return found;
}

async function streamedIds(redis: Redis, keyspace: Keyspace): Promise<string[]> {
  const ids: string[] = [];
  for (let from = '-'; ; ) {
    const page = await redis.xrange(keyspace.stream(), from, '+', 'COUNT', PAGE);
    for (const [, [, json]] of page) {
      const entry = decodeStreamEntry(json as string);
      if (entry?.component !== LOGGER_COMPONENT) ids.push(entry?.request_id ?? 'an entry without an id');
    }
    if (page.length < PAGE) return ids;
    from = `(${page.at(-1)?.[0]}`;
  }
}

/** Requests, and other entries by level. */
function countOf(counts: ReadonlyMap<string, number>): number {
  let sum = counts.get('total') ?? 0;
  for (const [field, count] of counts) if (field.startsWith('log_')) sum += count;
  return sum;
}
