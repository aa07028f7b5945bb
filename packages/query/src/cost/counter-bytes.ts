import {
  DAY_MS,
  HOUR_MS,
  type Keyspace,
  MINUTE_MS,
  type RetentionDays,
  SHORT_STATS_DAYS,
} from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { pipelined } from '../statistics/hour-counters.js';
import { bytesOfKeys, membersOf } from './key-sizes.js';

/** Hours looked at: the newest, and as many of those before, evenly spread. */
const NEWEST_HOURS = 24;
const OLDER_HOURS = 48;
/** Hosts of an hour that are looked at, those with most requests. */
const HOSTS = 10;
/** Minutes of an hour that are looked at. */
const MINUTES = [7, 22, 37, 52];

/** @see counterBytes */
export interface CounterOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of the hourly counters and of the minutes' response times, estimated from some of the hours that are kept. */
export async function counterBytes(options: CounterOptions): Promise<number> {
  const { now, retentionDays } = options;
  const newest = Math.floor(now / HOUR_MS) * HOUR_MS;
  const kept = Math.ceil((retentionDays.stats * DAY_MS) / HOUR_MS);
  const recent = hoursBack(newest, 0, Math.min(kept, NEWEST_HOURS));
  const older = kept - recent.length;
  const step = Math.max(1, Math.floor(older / OLDER_HOURS));
  const spread = Array.from({ length: Math.min(older, OLDER_HOURS) }, (_, i) => recent.length + i * step);
  const sampled = spread.map((back) => newest - back * HOUR_MS);
  const sums = [await bytesOfHours(options, recent), await bytesOfHours(options, sampled)];
  return (sums[0] ?? 0) + (sampled.length === 0 ? 0 : ((sums[1] ?? 0) * older) / sampled.length);
}

function hoursBack(newest: number, from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => newest - (from + i) * HOUR_MS);
}

async function bytesOfHours(options: CounterOptions, hours: readonly number[]): Promise<number> {
  const { redis, keyspace, signal } = options;
  const keys = hours.flatMap((hour) => [
    keyspace.requestStats(hour),
    keyspace.hostStats(hour),
    keyspace.errorStats(hour),
    keyspace.eventStats(hour),
    keyspace.pathStats(hour),
  ]);
  const sum = (sizes: ReadonlyMap<string, number>) => [...sizes.values()].reduce((a, b) => a + b, 0);
  return sum(await bytesOfKeys(redis, keys, signal)) + (await bytesOfHosts(options, hours));
}

async function bytesOfHosts(options: CounterOptions, hours: readonly number[]): Promise<number> {
  const { redis, keyspace, now, signal } = options;
  const keys = hours.map((hour) => keyspace.hostStats(hour));
  const counts = await membersOf(redis, keys, signal);
  const busiest = await pipelined<string[]>(redis, keys, (pipeline, key) =>
    pipeline.zrevrange(key, 0, HOSTS - 1),
  );
  /** What each key that is looked at stands for. */
  const weights = new Map<string, number>();
  for (const [i, hour] of hours.entries()) {
    const hosts = busiest[i] ?? [];
    const more = hosts.length === 0 ? 0 : (counts[i] ?? 0) / hosts.length;
    for (const host of hosts) {
      weights.set(keyspace.requestStats(hour, host), more);
      weights.set(keyspace.uniqueIps(host, hour), more);
      if (hour < now - SHORT_STATS_DAYS * DAY_MS) continue;
      for (const minute of MINUTES) {
        weights.set(
          keyspace.responseTimes(host, hour + minute * MINUTE_MS),
          (more * HOUR_MS) / MINUTE_MS / MINUTES.length,
        );
      }
    }
  }
  const sizes = await bytesOfKeys(redis, [...weights.keys()], signal);
  let bytes = 0;
  for (const [key, weight] of weights) bytes += (sizes.get(key) ?? 0) * weight;
  return bytes;
}
