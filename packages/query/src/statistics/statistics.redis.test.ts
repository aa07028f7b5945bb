import {
  DEFAULT_RETENTION_DAYS,
  type Entry,
  type Filter,
  HOUR_MS,
  Keyspace,
  levelOfStatus,
  pathValue,
  RELATIVE_ERROR,
} from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFilter } from '../filter/compile-filter.js';
import { createReader } from '../search/reader.js';
import { storeEntries } from '../testing/store-entries.js';
import { percentilesOf } from './percentiles.js';
import { createStatistics, type StatisticsOptions } from './statistics.js';
import { countBy, figuresOf, isIn, splitName } from './testing/plain-figures.js';
import { DAY_MS, entriesOf, HOSTS, NOW, toEntry, windowArbitrary } from './testing/random-traffic.js';
import { storeCounters } from './testing/store-counters.js';

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);

  async function open(entries: readonly Entry[], options: Partial<StatisticsOptions> = {}) {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix: engine.newKeyPrefix() });
    const stored = entries.map((entry) => ({ ...entry, id: keyspace.base + entry.id }));
    await storeEntries(redis, keyspace, stored, NOW);
    await storeCounters(redis, keyspace, stored);
    const reading = { redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS, now: () => NOW };
    const reader = createReader(reading);
    return { keyspace, statistics: createStatistics({ ...reading, reader, ...options }) };
  }

  const all = entriesOf(1, 1_500);
  const hosts = [undefined, ...HOSTS, 'nobody.example'];

  test.each(hosts)('a summary of few entries is exact for any window (host %s)', async (host) => {
    const { statistics } = await open(all);
    const filter: Filter = host === undefined ? {} : { host };
    await fc.assert(
      fc.asyncProperty(windowArbitrary, async (window) => {
        const summary = await statistics.summary({ filter, window });
        const expected = all.filter((entry) => isIn(entry, window) && compileFilter(filter).matches(entry));
        const requests = expected.filter(({ kind }) => kind === 'request');
        for (const { coverage } of Object.values(summary))
          expect(coverage).toEqual({ ...window, isExact: true });
        expect(summary).toMatchObject(figuresOf(expected));
        expect(summary.uniqueVisitors.count).toBe(new Set(requests.map((entry) => entry.client_ip)).size);
        expect(summary.responseTimes).toMatchObject(
          percentilesOf(requests.flatMap(({ response_time_ms: ms }) => ms ?? [])),
        );
      }),
      { numRuns: 15 },
    );
  });

  test.each(hosts)(
    'a summary of many entries is exact for what it says it covers (host %s)',
    async (host) => {
      const { statistics } = await open(all, { exactUpTo: -1 });
      await fc.assert(
        fc.asyncProperty(windowArbitrary, async (window) => {
          const summary = await statistics.summary({ filter: host === undefined ? {} : { host }, window });
          const within = (part: { coverage: { from: number; to: number } }) =>
            all.filter(
              (entry) => isIn(entry, part.coverage) && (host === undefined || entry.proxy_hostname === host),
            );
          const { requests, entries, responseTimes, uniqueVisitors } = summary;
          expect(requests).toMatchObject(figuresOf(within(requests)).requests);
          expect(entries).toMatchObject(figuresOf(within(entries)).entries);
          if (host === undefined) expect(requests.coverage).toEqual({ ...window, isExact: true });
          const timed = within(responseTimes).flatMap(({ kind, response_time_ms: ms }) =>
            kind === 'request' && ms !== undefined ? [ms] : [],
          );
          const exact = percentilesOf(timed);
          expect(responseTimes.count).toBe(exact.count);
          for (const name of ['p50', 'p90', 'p95', 'p99'] as const) {
            if (exact[name] === null) expect(responseTimes[name]).toBeNull();
            else {
              const error = Math.abs((responseTimes[name] as number) / exact[name] - 1);
              expect(error).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
            }
          }
          const requestsCovered = within(uniqueVisitors).filter(({ kind }) => kind === 'request');
          const visitors = new Set(requestsCovered.map((entry) => entry.client_ip)).size;
          expect(Math.abs((uniqueVisitors.count as number) - visitors)).toBeLessThanOrEqual(
            1 + 0.03 * visitors,
          );
          for (const { coverage } of [entries, responseTimes, uniqueVisitors]) {
            expect(coverage.from).toBeLessThanOrEqual(window.from);
            expect(coverage.to).toBeGreaterThanOrEqual(window.to);
          }
        }),
        { numRuns: 15 },
      );
    },
  );

  test('visitors of more hours than one merge takes are counted once each', async () => {
    const entries = Array.from({ length: 600 }, (_, i) =>
      toEntry(i, { timestamp: NOW - i * HOUR_MS, client_ip: `192.0.2.${i % 200}` }),
    );
    const { keyspace, statistics } = await open(entries);
    const window = { from: NOW - 599 * HOUR_MS, to: NOW };
    const { uniqueVisitors } = await statistics.summary({ filter: {}, window });
    expect(uniqueVisitors.count).toBeGreaterThan(195);
    expect(uniqueVisitors.count).toBeLessThan(205);
    expect(await engine.redis.keys(`${keyspace.base}stats:unique_ips:~*`)).toEqual([]);
  });

  test('histograms of more buckets than one call reads are all counted', async () => {
    const { redis } = engine;
    const { keyspace, statistics } = await open([], { exactUpTo: -1 });
    const host = 'a.example';
    const minutes = Array.from({ length: 120 }, (_, i) => NOW - i * 60_000);
    const buckets = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [i, i + 1]));
    const pipeline = redis.pipeline();
    for (const minute of minutes) pipeline.hset(keyspace.responseTimes(host, minute), buckets);
    await pipeline.exec();
    await redis.set(keyspace.responseTimes(host, NOW - 121 * 60_000), 'of another type');
    await redis.hset(keyspace.responseTimes(host, NOW - 122 * 60_000), { 1: 'inf', 2: '9'.repeat(400) });
    const window = { from: NOW - 122 * 60_000, to: NOW };
    const { responseTimes } = await statistics.summary({ filter: { host }, window });
    expect(responseTimes.count).toBe((minutes.length * 150 * 151) / 2);
  });

  test('what is no longer kept is null, with the reason', async () => {
    const { statistics } = await open(all);
    const window = { from: NOW - 500 * DAY_MS, to: NOW - 400 * DAY_MS };
    const { responseTimes, uniqueVisitors } = await statistics.summary({ filter: {}, window });
    expect(responseTimes).toMatchObject({ count: 0, p50: null });
    expect(responseTimes.coverage.note).toBe('only kept since 2024-01-08T12:35:00.000Z');
    expect(uniqueVisitors.count).toBeNull();
    expect(uniqueVisitors.coverage.note).toBe('only kept since 2023-01-15T13:00:00.000Z');
  });

  test('a summary by another filter ends with its budget and says what it covered', async () => {
    const entryBudget = { entries: 40, milliseconds: 60_000 };
    const { statistics } = await open(all, { entryBudget });
    const window = { from: NOW - DAY_MS, to: NOW };
    const { entries } = await statistics.summary({ filter: { method: 'GET' }, window });
    const covered = all.filter((entry) => entry.method === 'GET' && isIn(entry, entries.coverage));
    expect(entries.coverage).toMatchObject({ to: NOW, isExact: false });
    expect(entries.total).toBe(40);
    expect(covered.length).toBeGreaterThanOrEqual(40);
  });

  test('events are counted by hour, exactly, also in hours the window cuts', async () => {
    const { statistics } = await open(all);
    await fc.assert(
      fc.asyncProperty(
        windowArbitrary,
        fc.constantFrom(undefined, 'order.paid', 'oauth.*'),
        async (window, event) => {
          const found = await statistics.events(window, event === undefined ? [] : [event]);
          const wanted = all.filter(
            (entry) =>
              entry.event !== undefined && isIn(entry, window) && compileFilter({ event }).matches(entry),
          );
          expect(found.coverage.isExact).toBe(true);
          expect(found.totals).toEqual(countBy(wanted, (entry) => entry.event));
          expect(found.hours.map(({ hour }) => hour)).toEqual(
            [...new Set(wanted.map(({ timestamp }) => timestamp - (timestamp % HOUR_MS)))].sort(
              (a, b) => a - b,
            ),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('events of an hour with very many different ones are counted as well', async () => {
    const entries = Array.from({ length: 2_500 }, (_, i) => toEntry(i, { kind: 'log', event: `e${i}` }));
    const { statistics } = await open(entries);
    expect((await statistics.events({ from: NOW - DAY_MS, to: NOW }, [])).totals.size).toBe(2_500);
  });

  test.each(['path', 'ip', 'host', 'user'] as const)('the top %s are those of the entries', async (by) => {
    const { statistics } = await open(all);
    const window = { from: NOW - 5 * HOUR_MS, to: NOW };
    const field = { ip: 'client_ip', host: 'proxy_hostname', user: 'user_id' } as const;
    const rankedOf = (entry: Entry) => {
      if (by === 'path') return pathValue(entry);
      return by !== 'user' && entry.kind === 'log' ? undefined : entry[field[by]];
    };
    const expected = [
      ...countBy(
        all.filter((entry) => isIn(entry, window)),
        rankedOf,
      ),
    ]
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .slice(0, 3);
    const { top, coverage } = await statistics.top({ filter: {}, window, by, limit: 3 });
    expect({ top, isExact: coverage.isExact }).toEqual({ top: expected, isExact: true });
  });

  test.each(['path', 'host'] as const)('the top %s of many entries come from the counters', async (by) => {
    const { statistics } = await open(all, { exactUpTo: -1 });
    const window = { from: NOW - 5 * HOUR_MS, to: NOW };
    const { top, coverage } = await statistics.top({ filter: {}, window, by, limit: 100 });
    const rankedOf = (entry: Entry) => (by === 'path' ? pathValue(entry) : entry.proxy_hostname);
    const covered = all.filter((entry) => entry.kind === 'request' && isIn(entry, coverage));
    expect(new Map(top)).toEqual(countBy(covered, rankedOf));
  });

  test('the top ip of many entries come from the ids in the status index', async () => {
    const ipv6 = Array.from({ length: 2_500 }, (_, i) =>
      toEntry(10_000 + i, { timestamp: NOW - i, client_ip: `2001:db8::${i % 3}`, status_code: 200 }),
    );
    const { statistics } = await open([...all, ...ipv6], { exactUpTo: -1 });
    const window = { from: NOW - 5 * HOUR_MS, to: NOW - 1 };
    const { top, coverage } = await statistics.top({ filter: {}, window, by: 'ip', limit: 100 });
    const answered = [...all, ...ipv6].filter(
      (entry) => entry.kind === 'request' && entry.status_code !== undefined && isIn(entry, window),
    );
    expect(new Map(top)).toEqual(countBy(answered, (entry) => entry.client_ip));
    expect(coverage).toMatchObject({ ...window, note: 'requests without a status are not counted' });
  });

  test.each([
    [{}, 'none'],
    [{}, 'status'],
    [{}, 'level'],
    [{ status: { from: 400, to: 599 } }, 'status'],
    [{ ip: '192.0.2.1' }, 'none'],
    [{ host: 'a.example' }, 'level'],
    [{ method: 'GET', min_ms: 100 }, 'status'],
  ] as const)('a histogram by %o, split by %s, has the counts of the entries', async (filter, split) => {
    const { statistics } = await open(all);
    await fc.assert(
      fc.asyncProperty(windowArbitrary, fc.integer({ min: 1, max: 90 }), async (window, buckets) => {
        const histogram = await statistics.histogram({ filter, window, buckets, split });
        expect(histogram.buckets.length).toBeLessThanOrEqual(buckets);
        expect(histogram.coverage).toEqual({ ...window, isExact: true });
        const matching = all.filter((entry) => isIn(entry, window) && compileFilter(filter).matches(entry));
        for (const { from, count, by } of histogram.buckets) {
          const within = matching.filter((entry) =>
            isIn(entry, {
              from,
              to: from === histogram.buckets.at(-1)?.from ? window.to : from + histogram.bucketMs - 1,
            }),
          );
          const names = countBy(within, (entry) => splitName(entry, split));
          expect(count).toBe(
            split === 'none' ? within.length : [...names.values()].reduce((a, b) => a + b, 0),
          );
          expect(by).toEqual(split === 'none' ? new Map() : names);
        }
      }),
      { numRuns: 8 },
    );
  });

  test('a histogram of many entries by level says that it may count some twice', async () => {
    const { statistics } = await open(all, { exactUpTo: -1 });
    const window = { from: NOW - DAY_MS, to: NOW };
    const histogram = await statistics.histogram({ filter: {}, window, buckets: 10, split: 'level' });
    const counted = histogram.buckets.reduce((sum, { count }) => sum + count, 0);
    const twice = all.filter(
      ({ kind, level, status_code: status }) =>
        kind === 'request' && status !== undefined && level !== levelOfStatus(status),
    );
    expect(histogram.coverage).toMatchObject({ isExact: false, note: expect.stringContaining('twice') });
    expect(counted).toBe(all.length + twice.length);
  });

  test('the slowest come first, out of all matches and not only the newest', async () => {
    const { statistics } = await open(all);
    const window = { from: NOW - DAY_MS, to: NOW };
    const { entries } = await statistics.slowest({ filter: { min_ms: 100 }, window, limit: 20 });
    const expected = all
      .flatMap(({ response_time_ms: ms }) => (ms !== undefined && ms >= 100 ? [ms] : []))
      .sort((a, b) => b - a)
      .slice(0, 20);
    expect(entries.map((entry) => entry.response_time_ms)).toEqual(expected);
  });

  test('an abort ends a question', async () => {
    const { statistics } = await open(all, { exactUpTo: -1 });
    const window = { from: NOW - DAY_MS, to: NOW };
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(statistics.summary({ filter: {}, window }, { signal })).rejects.toThrow('enough');
    await expect(
      statistics.top({ filter: { method: 'GET' }, window, by: 'ip', limit: 1 }, { signal }),
    ).rejects.toThrow('enough');
  });
});
