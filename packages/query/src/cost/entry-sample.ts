import {
  CLASS_INDEX,
  DAY_MS,
  type Entry,
  type EntryKey,
  EVERY_VALUE,
  indexNamed,
  type Keyspace,
  LEVEL_NAMES,
  LONGER_CLASSES,
  NO_VALUE_OF_ITS_OWN,
  placeOfScore,
  placesOf,
  type RetentionDays,
} from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { visitEntries } from '../search/entry-fetch.js';
import { pipelined } from '../statistics/hour-counters.js';
import { membersOf } from './key-sizes.js';

/** Entries looked at of each sorted set at least. */
const SAMPLES_OF_SET = 8;

/** An entry of the sample. */
export interface Sampled {
  readonly entry: Entry;
  /** How many entries it stands for. */
  readonly weight: number;
  /** Sorted sets it may be in: what its writer had no room for is in another one. */
  readonly sets: readonly EntryKey[];
}

/** @see sampleEntries */
export interface EntrySample {
  readonly sampled: readonly Sampled[];
  /** Timestamp of the oldest entry; `undefined` without any. */
  readonly oldest: number | undefined;
}

/** What to look at. */
export interface SampleOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  readonly now: number;
  /** Entries looked at, about. */
  readonly samples: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes entries at random. Every entry is in a sorted set of its level or its status while these are kept, and else in that
 * of its class; it counts in the first of them only, so that each has the same chance.
 */
export async function sampleEntries(options: SampleOptions): Promise<EntrySample> {
  const { redis, signal } = options;
  const homes = homeKeys(options.keyspace);
  const strata = await strataOf(options, homes);
  const total = strata.reduce((sum, { count }) => sum + count, 0);
  const wanted = strata.map(({ count }) =>
    Math.min(count, Math.max(SAMPLES_OF_SET, Math.ceil((count / total) * options.samples))),
  );
  const places = strata.map(({ key }, i) => ({ key, size: wanted[i] ?? 0 }));
  const picked = await randomMembers(redis, places);
  const sampled: Sampled[] = [];
  for (const [i, { key, count }] of strata.entries()) {
    const ids = picked[i] ?? [];
    await visitEntries({
      redis,
      ids,
      signal,
      visit: (entry) => {
        const sets = setsOf(entry, options.keyspace);
        if (homeOf(entry, sets, { ...options, homes }) === key)
          sampled.push({ entry, weight: count / ids.length, sets });
        return true;
      },
    });
  }
  return { sampled, oldest: await oldestIn(redis, strata) };
}

interface Stratum {
  readonly key: string;
  readonly count: number;
}

/** The sorted sets all entries are in, those that have any. */
async function strataOf({ redis, signal }: SampleOptions, homes: ReadonlySet<string>): Promise<Stratum[]> {
  const keys = [...homes];
  const counts = await membersOf(redis, keys, signal);
  return keys.flatMap((key, i) => {
    const count = counts[i] ?? 0;
    return count === 0 ? [] : [{ key, count }];
  });
}

const STATUSES = Array.from({ length: 500 }, (_, i) => String(100 + i));

function homeKeys(keyspace: Keyspace): ReadonlySet<string> {
  return new Set([
    ...LEVEL_NAMES.map((level) => keyspace.index(indexNamed('level'), level)),
    ...STATUSES.map((status) => keyspace.index(indexNamed('status'), status)),
    ...LONGER_CLASSES.map((name) => {
      const [index, value] = CLASS_INDEX[name];
      return keyspace.index(indexNamed(index), value);
    }),
  ]);
}

/** The set an entry is counted in: of level, status and class the first that still keeps it. */
function homeOf(
  { timestamp }: Entry,
  sets: readonly EntryKey[],
  { retentionDays, now, homes }: SampleOptions & { readonly homes: ReadonlySet<string> },
): string | undefined {
  const own = sets.filter(
    ({ key, retention }) => homes.has(key) && timestamp >= now - retentionDays[retention] * DAY_MS,
  );
  const kept = new Set(own.map(({ key }) => key));
  for (const home of homes) if (kept.has(home)) return home;
  return undefined;
}

function setsOf(entry: Entry, keyspace: Keyspace): EntryKey[] {
  const places = [EVERY_VALUE, NO_VALUE_OF_ITS_OWN].flatMap((outside) =>
    placesOf(entry, { keyspace, indexSettings: { slowMs: SLOW_MS, outside } }),
  );
  const byKey = new Map(places.filter(({ type }) => type === 'zset').map((place) => [place.key, place]));
  return [...byKey.values()];
}

/** As writers have it unless they are told otherwise. */
const SLOW_MS = 1_000;

async function randomMembers(
  redis: Redis,
  places: readonly { readonly key: string; readonly size: number }[],
): Promise<string[][]> {
  const sizes = new Map(places.map(({ key, size }) => [key, size]));
  const members = await pipelined<string[]>(redis, [...sizes.keys()], (pipeline, key) =>
    pipeline.zrandmember(key, sizes.get(key) ?? 0),
  );
  return members.map((ids) => ids ?? []);
}

async function oldestIn(redis: Redis, strata: readonly Stratum[]): Promise<number | undefined> {
  const keys = strata.map(({ key }) => key);
  const first = await pipelined<string[]>(redis, keys, (pipeline, key) =>
    pipeline.zrange(key, '0', '0', 'WITHSCORES'),
  );
  const times = first.flatMap((pair) =>
    pair?.[1] === undefined ? [] : [placeOfScore(Number(pair[1])).timestamp],
  );
  return times.length === 0 ? undefined : Math.min(...times);
}
