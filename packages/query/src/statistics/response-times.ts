import { redisScript, runScript } from '@tailrace/redis';
import { DAY_MS, HOUR_MS, MINUTE_MS, SHORT_STATS_DAYS, type TimeWindow } from '@tailrace/schema';
import type { CounterContext } from './counter-context.js';
import { type Coverage, countedWindow } from './coverage.js';
import { grow } from './entry-tally.js';
import { readHostHours } from './host-hours.js';
import { type Percentiles, percentilesOfBuckets } from './percentiles.js';

/** Histograms one call adds up at most. */
const CALL_KEYS = 100;
/** Buckets after which a call reads no further histogram: some 2 ms of Redis 7.0. */
const CALL_BUCKETS = 8_000;
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
    while (keys.length >= CALL_KEYS) await addUpNext();
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
    const json = (await runScript(redis, ADD_UP_SCRIPT, keys.slice(0, CALL_KEYS), [CALL_BUCKETS])) as string;
    const [added, sums] = JSON.parse(json) as [number, Record<string, number>];
    keys = keys.slice(added);
    for (const [bucket, sum] of Object.entries(sums)) grow(buckets, Number(bucket), sum);
  }
}

/**
 * Adds up hashes of counters: the client gets one sum a field instead of every hash. The same few numbers come again and
 * again, so each text is read as a number once.
 *
 * KEYS  the hashes
 * ARGV  1 fields after which no further hash is read
 * Reply JSON: [hashes read, { field: sum, ... }]; a key of another type counts as empty, a value that is not a whole number as 0
 */
const ADD_UP_SCRIPT = redisScript(`
local max_fields = tonumber(ARGV[1])
local sums, numbers, read, fields = {}, {}, 0, 0
while read < #KEYS and fields < max_fields do
  read = read + 1
  local hash = redis.pcall('HGETALL', KEYS[read])
  fields = fields + #hash / 2
  for i = 1, #hash, 2 do
    local field, text = hash[i], hash[i + 1]
    local number = numbers[text]
    if not number then
      number = #text < 16 and string.find(text, '^%d+$') and tonumber(text) or 0
      numbers[text] = number
    end
    sums[field] = (sums[field] or 0) + number
  end
end
return cjson.encode({ read, sums })
`);
