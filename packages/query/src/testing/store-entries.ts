import {
  classOf,
  DAY_MS,
  DEFAULT_INDEX_SETTINGS,
  DEFAULT_RETENTION_DAYS,
  type Entry,
  INDEXES,
  type IndexSpec,
  indexRetention,
  type Keyspace,
  pathValue,
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
    for (const { key, days } of indexKeys(entry, keyspace)) {
      if (entry.timestamp >= now - days * DAY_MS) pipeline.zadd(key, scoreOf(entry), id);
    }
    if (entry.event !== undefined) pipeline.hincrby(keyspace.eventStats(entry.timestamp), entry.event, 1);
    const path = entry.kind === 'request' ? pathValue(entry) : undefined;
    if (path !== undefined) pipeline.zincrby(keyspace.pathStats(entry.timestamp), 1, path);
    pipeline.xadd(keyspace.stream(), '*', 'data', JSON.stringify(entry));
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
}

function indexKeys(entry: Entry, keyspace: Keyspace): { key: string; days: number }[] {
  const retention = classOf(entry);
  return INDEXES.flatMap((spec: IndexSpec) => {
    const values = [spec.values(entry, DEFAULT_INDEX_SETTINGS) ?? []].flat();
    return values.flatMap((value) => {
      const keys = [
        { key: keyspace.index(spec, value), days: DEFAULT_RETENTION_DAYS[indexRetention(spec, value)] },
      ];
      if (spec.keptByClass && retention !== 'requests') {
        keys.push({
          key: keyspace.classIndex(retention, spec, value),
          days: DEFAULT_RETENTION_DAYS[retention],
        });
      }
      return keys;
    });
  });
}
