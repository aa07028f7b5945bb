import { bucketOf, type Entry, type Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';

/** Counts entries as the logger does, the slow and plain way; `storeEntries` counts paths and events. */
export async function storeCounters(
  redis: Redis,
  keyspace: Keyspace,
  entries: readonly Entry[],
): Promise<void> {
  const pipeline = redis.pipeline();
  for (const entry of entries) {
    const { timestamp, proxy_hostname: host } = entry;
    for (const [field, by] of countedFields(entry)) {
      pipeline.hincrby(keyspace.requestStats(timestamp), field, by);
      if (host !== undefined) pipeline.hincrby(keyspace.requestStats(timestamp, host), field, by);
    }
    if (entry.kind !== 'request') continue;
    pipeline.zincrby(keyspace.hostStats(timestamp), 1, host ?? '-');
    if (entry.response_time_ms !== undefined) {
      const bucket = String(bucketOf(entry.response_time_ms));
      pipeline.hincrby(keyspace.responseTimes(host ?? '-', timestamp), bucket, 1);
    }
    if (entry.client_ip !== undefined)
      pipeline.pfadd(keyspace.uniqueIps(host ?? '-', timestamp), entry.client_ip);
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
}

function countedFields(entry: Entry): [field: string, by: number][] {
  if (entry.kind === 'log') return [[`log_${entry.level}`, 1]];
  return [
    ['total', 1],
    [`level_${entry.level}`, 1],
    ...(entry.status_code === undefined ? [] : [[`status_${entry.status_code}`, 1] as [string, number]]),
    ...(entry.bytes_sent === undefined ? [] : [['bytes', entry.bytes_sent] as [string, number]]),
  ];
}
