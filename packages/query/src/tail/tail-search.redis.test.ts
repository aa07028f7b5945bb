import { filterSchema } from '@tailrace/api';
import { DAY_MS, DEFAULT_RETENTION_DAYS, Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { createReader, createTail, type Following } from '../index.js';
import { draftArbitrary, entryOf, queryArbitrary } from '../testing/random-entries.js';
import { storeEntries } from '../testing/store-entries.js';

const NOW = Date.UTC(2024, 0, 15, 12, 0, 30);
const COUNT = 300;

describe.each(TEST_ENGINES)('following, compared with searching, on $name', ({ start }) => {
  const engine = useEngine(start);

  test('the same filter over the same window yields the same entries, live and from the stream', async () => {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix: 'both:' });
    const tail = createTail({ redis, connect: () => new Redis(engine.url), keyspace });
    const reader = createReader({ redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS, now: () => NOW });
    const queries = fc
      .sample(queryArbitrary, { numRuns: 60, seed: 5 })
      .map((query) => filterSchema.parse(query));
    const live = await Promise.all(queries.map((filter) => tail.follow({ filter })));
    const entries = fc
      .sample(draftArbitrary, { numRuns: COUNT, seed: 7 })
      .map((draft) => entryOf(draft, keyspace, NOW));
    await storeEntries(redis, keyspace, entries, NOW);
    let matches = 0;
    for (const [i, filter] of queries.entries()) {
      const window = { from: NOW - DAY_MS, to: NOW };
      const found = await reader.search({ filter, window, limit: 1_000 });
      const expected = found.entries.map(({ id }) => id).sort();
      matches += expected.length;
      expect(await idsOf(live[i] as Following, expected.length)).toEqual(expected);
      const last = await tail.follow({ filter, last: 1_000 });
      expect(await idsOf(last, expected.length)).toEqual(expected);
    }
    expect(matches).toBeGreaterThan(COUNT);
    tail.close();
  });
});

/** Ids of the next `count` entries, and of those that come soon after although they should not. */
async function idsOf(following: Following, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let waitMs = 5_000; waitMs > 0; ) {
    if (ids.length >= count) waitMs = 5;
    const events = (await following.next(waitMs)) ?? [];
    ids.push(...events.flatMap((event) => (event.type === 'entry' ? [event.entry.id] : [])));
    if (waitMs === 5 && events.length === 0) break;
  }
  return ids.sort();
}
