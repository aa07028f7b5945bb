import { filterSchema } from '@tailrace/api';
import { type Cursor, DAY_MS, DEFAULT_RETENTION_DAYS, type Entry, type TimeWindow } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createShardedReader } from '../shards/sharded-reader.js';
import { openShards } from '../testing/open-shards.js';
import { type PlainQuery, plainFilter } from '../testing/plain-filter.js';
import { type Draft, draftArbitrary, entryOf, queryArbitrary } from '../testing/random-entries.js';
import { createReader, type LogReader, type SearchRequest } from './reader.js';

const NOW = Date.UTC(2024, 0, 15, 12, 0, 30);
const HOUR_MS = 3_600_000;

const windowArbitrary: fc.Arbitrary<TimeWindow> = fc
  .tuple(fc.constantFrom(5, HOUR_MS, 4 * HOUR_MS, 4 * HOUR_MS, 10 * DAY_MS), fc.constantFrom(0, 0, 7))
  .map(([lengthMs, agoMs]) => ({ from: NOW - agoMs - lengthMs, to: NOW - agoMs }));

const PLACES = TEST_ENGINES.flatMap((engine) => [1, 16].map((shards) => ({ ...engine, shards })));

describe.each(PLACES)(
  'search, compared with a plain filter over all entries, on $name in $shards shards',
  ({ start, shards: count }) => {
    const engine = useEngine(start);

    function open(candidates = 1_000_000) {
      const { shards, keyspaceOf, store } = openShards(engine.redis, engine.newKeyPrefix(), count);
      const readers = shards.map((shard) =>
        createReader({
          ...shard,
          retentionDays: DEFAULT_RETENTION_DAYS,
          now: () => NOW,
          scanBudget: { candidates, milliseconds: 60_000 },
        }),
      );
      return {
        reader: count === 1 ? (readers[0] as LogReader) : createShardedReader(readers),
        made: (draft: Draft) => entryOf(draft, keyspaceOf(draft), NOW),
        store: (entries: readonly Entry[]) => store(entries, NOW),
      };
    }

    test('finds the same entries in the same order, and says how many only when it knows', async () => {
      const { made, reader, store } = open();
      // So many that search asks which paths and events there are.
      const all = fc.sample(draftArbitrary, { numRuns: 3_000, seed: 11 }).map(made);
      for (let at = 0; at < all.length; at += 500) await store(all.slice(at, at + 500));
      const property = fc.asyncProperty(
        queryArbitrary,
        windowArbitrary,
        fc.constantFrom(1, 7, 100),
        async (query, window, limit) => {
          const expected = idsOf(matchesOf(all, query, window));
          const page = await reader.search({ filter: filterSchema.parse(query), window, limit });
          expect(idsOf(page.entries)).toEqual(expected.slice(0, limit).reverse());
          expect(page.total ?? expected.length).toBe(expected.length);
          expect(page.nextCursor !== null).toBe(expected.length > limit);
          expect(page.partial).toBe(false);
        },
      );
      await fc.assert(property, { numRuns: count === 1 ? 150 : 40, endOnFailure: true });
    }, 60_000);

    test('walks by cursor through every match once, also while entries are being written', async () => {
      const property = fc.asyncProperty(
        fc.array(draftArbitrary, { minLength: 60, maxLength: 150 }),
        queryArbitrary,
        windowArbitrary,
        fc.constantFrom(1, 3, 20),
        fc.constantFrom(7, 1_000_000),
        async (drafts, query, window, limit, candidates) => {
          const { made, reader, store } = open(candidates);
          const before = drafts.map(made);
          await store(before);
          let writes = 0;
          const request = { filter: filterSchema.parse(query), window, limit };
          const seen = await walk(reader, request, async () => {
            if (writes++ < 5) await store(drafts.slice(0, 3).map(made));
          });
          expect(new Set(seen).size).toBe(seen.length);
          const known = new Set(idsOf(before));
          expect(seen.filter((id) => known.has(id))).toEqual(idsOf(matchesOf(before, query, window)));
        },
      );
      await fc.assert(property, { numRuns: count === 1 ? 50 : 12, endOnFailure: true });
    }, 60_000);
  },
);

/** What search must find, newest first; entries of one millisecond by their order, then by the bytes of their ids, downwards. */
function matchesOf(entries: readonly Entry[], query: PlainQuery, { from, to }: TimeWindow): Entry[] {
  return entries
    .filter(({ timestamp }) => timestamp >= from && timestamp <= to)
    .filter(plainFilter(query))
    .sort(
      (a, b) =>
        b.timestamp - a.timestamp ||
        (b.order ?? 0) - (a.order ?? 0) ||
        Buffer.compare(Buffer.from(b.id), Buffer.from(a.id)),
    );
}

function idsOf(entries: readonly Entry[]): string[] {
  return entries.map(({ id }) => id);
}

/** Reads all pages. @returns the ids found, newest first. */
async function walk(
  reader: LogReader,
  request: SearchRequest,
  betweenPages: () => Promise<void>,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: Cursor | undefined;
  do {
    const page = await reader.search({ ...request, cursor });
    ids.push(...idsOf(page.entries).reverse());
    cursor = page.nextCursor ?? undefined;
    await betweenPages();
  } while (cursor !== undefined);
  return ids;
}
