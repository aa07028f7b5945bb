import {
  bucketOf,
  DAY_MS,
  DEFAULT_RETENTION_DAYS,
  type Entry,
  isError,
  type Keyspace,
  pathValue,
  placesOf,
  SHORT_STATS_DAYS,
  scoreOf,
} from '@tailrace/schema';

/** What one sorted set of an index must hold, and may hold: a member past the index's retention goes at its next trim. */
export interface ExpectedIndex {
  readonly days: number;
  readonly required: Map<string, number>;
  readonly allowed: Map<string, number>;
}

/** One key of counters. */
export interface ExpectedCounter {
  readonly days: number;
  readonly counts: Map<string, number>;
}

/** One HyperLogLog. */
export interface ExpectedVisitors {
  readonly days: number;
  readonly ips: Set<string>;
}

/** Every key that must exist beside the entries themselves, the stream and the writers. */
export interface ExpectedStorage {
  readonly indexes: Map<string, ExpectedIndex>;
  readonly counters: Map<string, ExpectedCounter>;
  readonly visitors: Map<string, ExpectedVisitors>;
}

/** Works out from the index table and the entries what must be stored about them, the slow and plain way. */
export function expectedStorage(entries: readonly Entry[], keyspace: Keyspace, now: number): ExpectedStorage {
  const expected: ExpectedStorage = { indexes: new Map(), counters: new Map(), visitors: new Map() };
  for (const entry of entries) {
    addIndexes(expected, entry, keyspace, now);
    addStatistics(expected, entry, keyspace);
  }
  return expected;
}

function addIndexes({ indexes }: ExpectedStorage, entry: Entry, keyspace: Keyspace, now: number): void {
  for (const { key, type, retention } of placesOf(entry, { keyspace })) {
    if (type !== 'zset') continue;
    const days = DEFAULT_RETENTION_DAYS[retention];
    const index = indexes.get(key) ?? { days, required: new Map(), allowed: new Map() };
    indexes.set(key, index);
    index.allowed.set(entry.id, scoreOf(entry));
    if (entry.timestamp >= now - days * DAY_MS) index.required.set(entry.id, scoreOf(entry));
  }
}

function addStatistics({ counters, visitors }: ExpectedStorage, entry: Entry, keyspace: Keyspace): void {
  const { timestamp, status_code: status, bytes_sent: bytes, client_ip: ip } = entry;
  const host = entry.proxy_hostname ?? '-';
  if (entry.event !== undefined) grow(keyspace.eventStats(timestamp), entry.event);
  if (isError(entry)) grow(keyspace.errorStats(timestamp), String(status ?? entry.level));
  const requestKeys = [keyspace.requestStats(timestamp)];
  if (entry.proxy_hostname !== undefined)
    requestKeys.push(keyspace.requestStats(timestamp, entry.proxy_hostname));
  if (entry.kind === 'log') {
    for (const key of requestKeys) grow(key, `log_${entry.level}`);
    return;
  }
  for (const key of requestKeys) {
    grow(key, 'total');
    grow(key, `level_${entry.level}`);
    if (status !== undefined) grow(key, `status_${status}`);
    if (bytes !== undefined) grow(key, 'bytes', bytes);
  }
  grow(keyspace.hostStats(timestamp), host);
  const path = pathValue(entry);
  if (path !== undefined) grow(keyspace.pathStats(timestamp), path);
  if (entry.response_time_ms !== undefined) {
    const bucket = String(bucketOf(entry.response_time_ms));
    grow(keyspace.responseTimes(host, timestamp), bucket, 1, SHORT_STATS_DAYS);
  }
  if (ip !== undefined) {
    const key = keyspace.uniqueIps(host, timestamp);
    const seen = visitors.get(key) ?? { days: DEFAULT_RETENTION_DAYS.stats, ips: new Set() };
    visitors.set(key, { ...seen, ips: seen.ips.add(ip) });
  }

  function grow(key: string, field: string, by = 1, days = DEFAULT_RETENTION_DAYS.stats): void {
    const counter = counters.get(key) ?? { days, counts: new Map() };
    counters.set(key, counter);
    counter.counts.set(field, (counter.counts.get(field) ?? 0) + by);
  }
}
