import { DEFAULT_RETENTION_DAYS, HOUR_MS, Keyspace, MINUTE_MS, RELATIVE_ERROR } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, test } from 'vitest';
import { createReader } from '../search/reader.js';
import { storeEntries } from '../testing/store-entries.js';
import { percentilesOf } from './percentiles.js';
import { createStatistics } from './statistics.js';
import { entriesOf, NOW } from './testing/random-traffic.js';
import { storeCounters } from './testing/store-counters.js';

const BUCKETS = 6;

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);
  const to = Math.floor(NOW / HOUR_MS) * HOUR_MS - 1;
  const window = { from: to - 3 * HOUR_MS + 1, to };
  const all = entriesOf(7, 3_000);

  async function open(exactUpTo: number) {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix: engine.newKeyPrefix() });
    const stored = all.map((entry) => ({ ...entry, id: keyspace.base + entry.id }));
    await storeEntries(redis, keyspace, stored, NOW);
    await storeCounters(redis, keyspace, stored);
    const reading = { redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS, now: () => NOW };
    return createStatistics({ ...reading, reader: createReader(reading), exactUpTo });
  }

  const plain = (isWanted = (_: (typeof all)[number]) => true) =>
    Array.from({ length: BUCKETS }, (_, i) => {
      const from = window.from + i * 30 * MINUTE_MS;
      const within = all.filter(
        (entry) => isWanted(entry) && entry.timestamp >= from && entry.timestamp < from + 30 * MINUTE_MS,
      );
      const times = within.flatMap(({ kind, response_time_ms: ms }) =>
        kind === 'request' && ms !== undefined ? [ms] : [],
      );
      return { from, times: percentilesOf(times) };
    });

  test('few entries, and those of any filter, are timed one by one', async () => {
    const statistics = await open(1_000_000);
    const found = await statistics.times({ filter: {}, window, buckets: BUCKETS });
    expect(found).toMatchObject({ buckets: plain(), bucketMs: 30 * MINUTE_MS, coverage: { isExact: true } });
    const filtered = await statistics.times({ filter: { method: 'GET' }, window, buckets: BUCKETS });
    expect(filtered.buckets).toEqual(plain(({ method }) => method === 'GET'));
  });

  test('of many the minutes are read, within their error', async () => {
    const statistics = await open(0);
    const found = await statistics.times({ filter: {}, window, buckets: BUCKETS });
    expect(found.coverage.isExact).toBe(false);
    for (const [i, { times }] of plain().entries()) {
      const shown = found.buckets[i]?.times;
      expect(shown?.count).toBe(times.count);
      for (const name of ['p50', 'p95'] as const) {
        const off = Math.abs((shown?.[name] ?? 0) - (times[name] ?? 0));
        expect(off).toBeLessThanOrEqual((times[name] ?? 0) * RELATIVE_ERROR * 2 + 1e-9);
      }
    }
  });
});
