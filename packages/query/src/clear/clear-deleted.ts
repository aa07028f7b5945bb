import { decodeDeletedEntry, type Keyspace, scoreRange, type TimeWindow } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { CompiledFilter } from '../filter/compile-filter.js';
import { isWrongType } from '../key-conflict.js';
import { readEntry } from '../search/read-entry.js';
import { isOwnEntry } from './own-keys.js';

/** What to clear. */
export interface ClearDeletedOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly filter: CompiledFilter;
  readonly window: TimeWindow;
  readonly signal: AbortSignal | undefined;
}

/** Entries looked at in one step. */
const STEP = 100;

/** Removes for good those of the deleted entries that match. It yields how many each step removed. */
export async function* clearDeleted(options: ClearDeletedOptions): AsyncGenerator<number> {
  const { redis, keyspace, filter, window, signal } = options;
  const { lowest, highest } = scoreRange(window);
  const key = keyspace.deleted();
  const ids = await redis.zrangebyscore(key, lowest, highest).catch((error: unknown) => {
    // A key of somebody else names no entry of ours.
    if (isWrongType(error)) return [];
    throw error;
  });
  for (let i = 0; i < ids.length; i += STEP) {
    signal?.throwIfAborted();
    const step = ids.slice(i, i + STEP);
    const reading = redis.pipeline();
    for (const id of step) reading.hgetall(id);
    const hashes = (await reading.exec()) ?? [];
    const gone = step.filter((id, place) => {
      const hash = (hashes[place]?.[1] ?? {}) as Record<string, string>;
      const entry = readEntry(() => decodeDeletedEntry(id, hash));
      return entry !== undefined && isOwnEntry(entry, keyspace.base) && filter.matches(entry);
    });
    if (gone.length === 0) continue;
    await redis
      .multi()
      .unlink(...gone)
      .zrem(key, ...gone)
      .exec();
    yield gone.length;
  }
}
