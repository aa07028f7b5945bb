import { DAY_MS, SHORT_STATS_DAYS, type TimeWindow } from '@tailrace/schema';
import { redisScript, runScript } from '../redis-script.js';
import type { CounterContext } from './counter-context.js';
import { type Coverage, countedWindow, HOUR_MS, MINUTE_MS } from './coverage.js';
import { readHostHours } from './host-hours.js';
import { type Percentiles, percentilesOfBuckets } from './percentiles.js';

/** Histograms added up in one call: some 1 ms of Redis when each has 200 buckets. */
const CHUNK = 10;
/** Histograms one question may read. */
const MAX_HISTOGRAMS = 20_000;

/** Percentiles of response times, from the histograms of each minute. */
export async function responseTimes(
  { redis, keyspace, now, signal }: CounterContext,
  window: TimeWindow,
  host: string | undefined,
): Promise<Percentiles & { readonly coverage: Coverage }> {
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
    while (keys.length >= CHUNK) await addUpNext();
  }
  while (keys.length > 0) await addUpNext();
  return { ...percentilesOfBuckets(buckets), coverage };

  async function hostsByHour(minutes: readonly number[]): Promise<(minute: number) => string[]> {
    const hours = [...new Set(minutes.map((minute) => Math.floor(minute / HOUR_MS) * HOUR_MS))];
    const read = await readHostHours(redis, keyspace, hours);
    const byHour = new Map(read.map(({ hour, hosts }) => [hour, hosts.map(([name]) => name)]));
    return (minute) => byHour.get(Math.floor(minute / HOUR_MS) * HOUR_MS) ?? [];
  }

  async function addUpNext(): Promise<void> {
    signal?.throwIfAborted();
    const flat = (await runScript(redis, ADD_UP_SCRIPT, keys.slice(0, CHUNK), [])) as (string | number)[];
    keys = keys.slice(CHUNK);
    for (let i = 0; i < flat.length; i += 2) {
      const bucket = Number(flat[i]);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + Number(flat[i + 1]));
    }
  }
}

/**
 * Adds up hashes of counters: the client gets one sum a field instead of every hash.
 *
 * KEYS  the hashes
 * Reply field, sum, field, sum, ...; a key of another type counts as empty
 */
const ADD_UP_SCRIPT = redisScript(`
local sums = {}
for _, key in ipairs(KEYS) do
  local fields = redis.pcall('HGETALL', key)
  if not fields.err then
    for i = 1, #fields, 2 do sums[fields[i]] = (sums[fields[i]] or 0) + (tonumber(fields[i + 1]) or 0) end
  end
end
local flat = {}
for field, sum in pairs(sums) do
  flat[#flat + 1] = field
  flat[#flat + 1] = sum
end
return flat
`);
