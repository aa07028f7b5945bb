import { decodeEntry, type Entry } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { readEntry } from './read-entry.js';

/**
 * Reads entries by id in one pipeline, in the order of the ids. One that is gone (expired since it was indexed) or
 * that is none of ours is `undefined`.
 */
export async function fetchEntries(redis: Redis, ids: readonly string[]): Promise<(Entry | undefined)[]> {
  if (ids.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hgetall(id);
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, fields], i) => {
    if (error === null) {
      return readEntry(() => decodeEntry(ids[i] as string, fields as Record<string, string>));
    }
    if (error.message.startsWith('WRONGTYPE')) return undefined;
    throw error;
  });
}
