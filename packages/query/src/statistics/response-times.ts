import { redisScript, runScript } from '@tailrace/redis';
import { DAY_MS, HOUR_MS, MINUTE_MS, SHORT_STATS_DAYS, type TimeWindow } from '@tailrace/schema';
import { ADD_UP_COUNTS_LUA } from './add-up-counts.lua.js';
import type { CounterContext } from './counter-context.js';
import { type Coverage, countedWindow } from './coverage.js';
import { grow } from './entry-tally.js';
import { readHostHours } from './host-hours.js';
import { type Percentiles, percentilesOfBuckets } from './percentiles.js';

const ADD_UP_SCRIPT = redisScript(ADD_UP_COUNTS_LUA);

/** Histograms one call adds up at most. */
const CALL_KEYS = 100;
/** Buckets after which a call reads no further histogram: some 2 ms of Redis 7.0. */
const CALL_BUCKETS = 8_000;
/** Histograms one question may read. */
const MAX_HISTOGRAMS = 20_000;

/** Percentiles of response times, from the histograms of each minute. @param contexts of each shard */
export async function responseTimes(
  contexts: readonly CounterContext[],
  window: TimeWindow,
  host: string | undefined,
): Promise<Percentiles & { readonly coverage: Coverage }> {
  const [first, ...others] = await Promise.all(contexts.map((context) => bucketsOf(context, window, host)));
  let { buckets, coverage } = first as Buckets;
  for (const other of others) {
    for (const [bucket, count] of other.buckets) grow(buckets, bucket, count);
    if (other.coverage.from > coverage.from) coverage = other.coverage;
  }
  return { ...percentilesOfBuckets(buckets), coverage };
}

/** Requests by log bucket. */
interface Buckets {
  readonly buckets: Map<number, number>;
  readonly coverage: Coverage;
}

async function bucketsOf(
  { redis, keyspace, now, signal }: CounterContext,
  window: TimeWindow,
  host: string | undefined,
): Promise<Buckets> {
  const kept = { stepMs: MINUTE_MS, keptMs: SHORT_STATS_DAYS * DAY_MS } as const;
  const counted = countedWindow(window, kept, now);
  const minutes = counted.steps;
  let { coverage } = counted;
  const hostsOf = host === undefined ? await hostsByHour(minutes) : () => [host];
  const buckets = new Map<number, number>();
  let keys: string[] = [];
  let read = 0;
  for (const minute of minutes) {
    const hosts = hostsOf(minute);
    if (read + hosts.length > MAX_HISTOGRAMS) {
      const note = `too many hosts and minutes: only the newest ${MAX_HISTOGRAMS} histograms are counted`;
      coverage = { ...coverage, from: minute + MINUTE_MS, isExact: false, note };
      break;
    }
    read += hosts.length;
    keys.push(...hosts.map((name) => keyspace.responseTimes(name, minute)));
    while (keys.length >= CALL_KEYS) await addUpNext();
  }
  while (keys.length > 0) await addUpNext();
  return { buckets, coverage };

  async function hostsByHour(minutes: readonly number[]): Promise<(minute: number) => string[]> {
    const hours = [...new Set(minutes.map((minute) => Math.floor(minute / HOUR_MS) * HOUR_MS))];
    const read = await readHostHours(redis, keyspace, hours);
    const byHour = new Map(read.map(({ hour, hosts }) => [hour, hosts.map(([name]) => name)]));
    return (minute) => byHour.get(Math.floor(minute / HOUR_MS) * HOUR_MS) ?? [];
  }

  async function addUpNext(): Promise<void> {
    signal?.throwIfAborted();
    const json = (await runScript(redis, ADD_UP_SCRIPT, keys.slice(0, CALL_KEYS), [CALL_BUCKETS])) as string;
    const [added, sums] = JSON.parse(json) as [number, Record<string, number>];
    keys = keys.slice(added);
    for (const [bucket, sum] of Object.entries(sums)) grow(buckets, Number(bucket), sum);
  }
}
