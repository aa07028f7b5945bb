import {
  DAY_MS,
  DEFAULT_RETENTION_DAYS,
  type Entry,
  type Keyspace,
  pathValue,
  placesOf,
  scoreOf,
} from '@tailrace/schema';
import type { Redis } from 'ioredis';

/**
 * Stores entries as the storage table says, the slow and plain way: hashes, indexes, stream, and the
 * counters of paths and events. An index does not get what it would have trimmed at `now`.
 */
export async function storeEntries(
  redis: Redis,
  keyspace: Keyspace,
  entries: readonly Entry[],
  now = Date.now(),
): Promise<void> {
  const pipeline = redis.pipeline();
  for (const entry of entries) {
    const { id, kind: _, ...fields } = entry;
    const texts = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
    pipeline.hset(id, Object.fromEntries(texts));
    for (const { key, type, retention } of placesOf(entry, { keyspace })) {
      const isTrimmed = entry.timestamp < now - DEFAULT_RETENTION_DAYS[retention] * DAY_MS;
      if (type === 'zset' && !isTrimmed) pipeline.zadd(key, scoreOf(entry), id);
    }
    if (entry.event !== undefined) pipeline.hincrby(keyspace.eventStats(entry.timestamp), entry.event, 1);
    const path = entry.kind === 'request' ? pathValue(entry) : undefined;
    if (path !== undefined) pipeline.zincrby(keyspace.pathStats(entry.timestamp), 1, path);
    pipeline.xadd(keyspace.stream(), '*', 'data', JSON.stringify(entry));
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
}
