import { DEFAULT_RETENTION_DAYS, type Entry, type Filter, HOUR_MS, pathValue } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createClear } from '../clear/clear.js';
import { compileFilter } from '../filter/compile-filter.js';
import { createReader } from '../search/reader.js';
import { createStatisticsOf, type StatisticsSettings } from '../statistics/statistics.js';
import { countBy, figuresOf, isIn, splitName } from '../statistics/testing/plain-figures.js';
import { entriesOf, HOSTS, NOW, windowArbitrary } from '../statistics/testing/random-traffic.js';
import { storeCounters } from '../statistics/testing/store-counters.js';
import { openShards } from '../testing/open-shards.js';
import { createDeliveryReaderOf } from '../writers/delivery.js';
import { createShardedClear } from './sharded-clear.js';
import { createShardedReader } from './sharded-reader.js';

const SHARDS = 16;

describe.each(TEST_ENGINES)('16 shards as one, on $name', ({ start }) => {
  const engine = useEngine(start);
  const all = entriesOf(1, 800);
  beforeEach(() => engine.redis.flushall());

  async function open(settings: Partial<StatisticsSettings> = {}) {
    const { redis } = engine;
    const { shards, keyspaceOf, store } = openShards(redis, engine.newKeyPrefix(), SHARDS);
    const stored = all.map((entry) => ({ ...entry, id: keyspaceOf(entry).base + entry.id }));
    await store(stored, NOW);
    for (const { keyspace } of shards) {
      const own = stored.filter(({ id }) => id.startsWith(keyspace.base));
      await storeCounters(redis, keyspace, own);
    }
    const reading = { retentionDays: DEFAULT_RETENTION_DAYS, now: () => NOW };
    const parts = shards.map((shard) => {
      const reader = createReader({ ...shard, ...reading });
      return { ...shard, ...reading, reader };
    });
    const reader = createShardedReader(parts.map((part) => part.reader));
    return {
      shards,
      reader,
      stored,
      statistics: createStatisticsOf(shards, { ...reading, reader, ...settings }),
      clear: createShardedClear(parts.map(createClear)),
    };
  }

  const matching = (filter: Filter, window: { from: number; to: number }) =>
    all.filter((entry) => isIn(entry, window) && compileFilter(filter).matches(entry));

  test.each([{}, { host: HOSTS[0] as string }])('a summary of few entries is exact (%o)', async (filter) => {
    const { statistics } = await open();
    await fc.assert(
      fc.asyncProperty(windowArbitrary, async (window) => {
        const summary = await statistics.summary({ filter, window });
        const expected = matching(filter, window);
        const requests = expected.filter(({ kind }) => kind === 'request');
        expect(summary).toMatchObject(figuresOf(expected));
        expect(summary.uniqueVisitors.count).toBe(new Set(requests.map((entry) => entry.client_ip)).size);
      }),
      { numRuns: 5 },
    );
  });

  test('counters of all shards add up to what they say they cover', async () => {
    const { statistics } = await open({ exactUpTo: -1 });
    await fc.assert(
      fc.asyncProperty(windowArbitrary, async (window) => {
        const summary = await statistics.summary({ filter: {}, window });
        const { entries, requests, responseTimes, uniqueVisitors } = summary;
        const within = (part: { coverage: { from: number; to: number } }) => matching({}, part.coverage);
        expect(entries).toMatchObject(figuresOf(within(entries)).entries);
        expect(requests).toMatchObject(figuresOf(within(requests)).requests);
        const timed = within(responseTimes).filter(
          (entry) => entry.kind === 'request' && entry.response_time_ms,
        );
        expect(responseTimes.count).toBe(timed.length);
        const visitors = within(uniqueVisitors).filter(({ kind }) => kind === 'request');
        const addresses = new Set(visitors.map((entry) => entry.client_ip)).size;
        // Of at most 60 addresses a HyperLogLog is hardly ever wrong by one.
        expect(Math.abs((uniqueVisitors.count ?? 0) - addresses)).toBeLessThan(3);
      }),
      { numRuns: 6 },
    );
  });

  test.each(['path', 'ip', 'host'] as const)(
    'the most frequent of each %s are ranked over all shards',
    async (by) => {
      const { statistics } = await open({ exactUpTo: -1 });
      const hour = NOW - (NOW % HOUR_MS);
      const window = { from: hour - 5 * HOUR_MS, to: hour - 1 };
      const { top } = await statistics.top({ filter: {}, window, by, limit: 50 });
      const counted = matching({}, window).filter((entry) => by !== 'ip' || entry.status_code !== undefined);
      const expected = countBy(
        counted.filter(({ kind }) => kind === 'request'),
        (entry) => ({ path: pathValue(entry), ip: entry.client_ip, host: entry.proxy_hostname })[by],
      );
      expect(new Map(top)).toEqual(expected);
      expect(top.map(([, count]) => count)).toEqual([...top.map(([, count]) => count)].sort((a, b) => b - a));
    },
  );

  test.each(['none', 'status'] as const)('a histogram by %s counts every shard', async (split) => {
    const { statistics } = await open({ exactUpTo: -1 });
    const window = { from: NOW - 10 * HOUR_MS, to: NOW };
    const filter: Filter = split === 'none' ? { component: 'app' } : {};
    const { buckets, bucketMs } = await statistics.histogram({ filter, window, buckets: 10, split });
    for (const bucket of buckets) {
      const end = bucket === buckets.at(-1) ? window.to : bucket.from + bucketMs - 1;
      const inside = matching(filter, { from: bucket.from, to: end });
      const named =
        split === 'none' ? inside : inside.filter((entry) => splitName(entry, split) !== undefined);
      expect(bucket.count).toBe(named.length);
      if (split !== 'none') expect(bucket.by).toEqual(countBy(named, (entry) => splitName(entry, split)));
    }
  });

  test('events are counted over all shards, hour by hour', async () => {
    const { statistics } = await open();
    const window = { from: NOW - 7 * HOUR_MS - 123, to: NOW - 1_000 };
    const { hours, totals } = await statistics.events(window, []);
    const expected = countBy(matching({}, window), ({ event }) => event);
    expect(totals).toEqual(expected);
    expect(hours.map(({ hour }) => hour)).toEqual([...hours.map(({ hour }) => hour)].sort((a, b) => a - b));
    const sums = new Map<string, number>();
    for (const { counts } of hours)
      for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
    expect(sums).toEqual(expected);
  });

  test('clearing removes the matches of every shard, and says how many', async () => {
    const { clear, reader } = await open();
    const window = { from: 0, to: NOW };
    const gone = matching({ user: 'alice', 'level!': 'AUDIT' } as unknown as Filter, window).length;
    const progress: number[] = [];
    for await (const removed of clear({ filter: { user: 'alice' } })) progress.push(removed);
    expect(progress.at(-1)).toBe(gone);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    const left = await reader.search({ filter: {}, window, limit: 2_000 });
    expect(left.entries).toHaveLength(all.length - gone);
    for await (const _ of clear({ filter: {} }));
    expect(await engine.redis.keys('*')).toEqual([]);
  });

  test('one entry is found by its id, and by no id of another shard', async () => {
    const { reader, stored } = await open();
    const [entry] = stored as [Entry];
    expect((await reader.entry(entry.id))?.message).toBe(entry.message);
    expect(await reader.entry(entry.id.replace(/^\{s\d+\}/, '{s99}'))).toBeUndefined();
    expect(await reader.entry('req:1:192.0.2.1:abcdefgh')).toBeUndefined();
  });

  test('a writer is one, whatever it wrote to how many shards', async () => {
    const { shards } = await open();
    for (const [i, { redis, keyspace }] of shards.entries()) {
      if (i > 3) break;
      await redis.zadd(keyspace.writers(), NOW + i, 'w1');
      await redis.hset(keyspace.writer('w1'), {
        last_seen: NOW + i,
        host: 'h',
        accepted: 10 + i,
        written: 9,
        dropped_queue_full: i,
        skew: i,
      });
    }
    const { writers, totals, count } = await createDeliveryReaderOf(shards)();
    expect(count).toBe(1);
    expect(writers).toHaveLength(1);
    expect(writers[0]).toMatchObject({
      id: 'w1',
      accepted: 46,
      written: 36,
      lag: 4,
      skewMs: 3,
      lastSeen: NOW + 3,
    });
    expect(totals).toEqual({ accepted: 46, written: 36, dropped: { queue_full: 6 }, lag: 4 });
  });

  test('a shard that does not answer is named, and the others are shown', async () => {
    const { shards } = await open();
    const reading = { retentionDays: DEFAULT_RETENTION_DAYS, now: () => NOW };
    const readers = shards.map((shard) => createReader({ ...shard, ...reading }));
    const silent = {
      search: async () => {
        throw new Error('CLUSTERDOWN The cluster is down');
      },
      entry: async () => undefined,
    };
    const reader = createShardedReader(readers.map((one, shard) => (shard === 5 ? silent : one)));
    const page = await reader.search({ filter: {}, window: { from: 0, to: NOW }, limit: 2_000 });
    expect(page).toMatchObject({
      partial: true,
      total: null,
      reason: 'shard 5 does not answer: CLUSTERDOWN The cluster is down',
    });
    expect(page.entries.length).toBeGreaterThan(500);
  });
});
