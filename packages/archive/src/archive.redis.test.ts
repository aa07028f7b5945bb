import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filterSchema } from '@tailrace/api';
import { compareNewestFirst, compileFilter, createScanStatistics } from '@tailrace/query';
import { type Cursor, DAY_MS, type Entry, HOUR_MS, type TimeWindow } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainFilter } from '../../query/src/testing/plain-filter.js';
import { type Draft, queryArbitrary } from '../../query/src/testing/random-entries.js';
import { drafts, NOW, runsOf, useArchives } from './testing/archive-suite.js';

const windowArbitrary: fc.Arbitrary<TimeWindow> = fc
  .tuple(fc.constantFrom(5, HOUR_MS, 4 * HOUR_MS, 10 * DAY_MS, 60 * DAY_MS), fc.constantFrom(0, 0, 7))
  .map(([lengthMs, agoMs]) => ({ from: NOW - agoMs - lengthMs, to: NOW - agoMs }));

const FACETS = ['level', 'ip', 'status', 'pattern', 'data.order.id'] as const;

describe.each(TEST_ENGINES)('an archive, on $name', ({ start }) => {
  const engine = useEngine(start);
  const { open, folders } = useArchives(engine);

  test('finds the same entries as a plain filter, wherever they are', async () => {
    const { archive, reader, store, make } = await open({ hotHours: 24 });
    const all = drafts(3, 2_400).map(make);
    // Sealed in small files, merged, removed from Redis, late and unsealed.
    for (let at = 0; at < 1_800; at += 300) {
      await store(all.slice(at, at + 300));
      await archive.seal();
    }
    await archive.keep();
    expect(archive.status().hotFrom).toBeGreaterThan(NOW - 2 * DAY_MS);
    await store(all.slice(1_800, 2_100));
    await archive.seal();
    await store(all.slice(2_100));
    expect(archive.status()).toMatchObject({ entries: 2_100, lack: null, trouble: null });
    const property = fc.asyncProperty(
      queryArbitrary,
      windowArbitrary,
      fc.constantFrom(1, 7, 100),
      async (query, window, limit) => {
        const matches = plainFilter(query);
        const expected = all
          .filter((entry) => entry.timestamp >= window.from && entry.timestamp <= window.to && matches(entry))
          .sort(compareNewestFirst);
        const seen: Entry[] = [];
        let cursor: Cursor | undefined;
        do {
          const page = await reader.search({ filter: filterSchema.parse(query), window, limit, cursor });
          expect(page.partial).toBe(false);
          if (cursor === undefined) expect(page.total ?? expected.length).toBe(expected.length);
          seen.unshift(...page.entries);
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined && seen.length < 3 * limit);
        const wanted = expected.slice(0, cursor === undefined ? expected.length : seen.length).reverse();
        expect(seen).toEqual(wanted.map((entry) => ({ ...entry })));
      },
    );
    await fc.assert(property, { numRuns: runsOf(60), endOnFailure: true });
    for (const entry of fc.sample(fc.constantFrom(...all), 20))
      expect(await reader.entry(entry.id)).toEqual(entry);
  }, 120_000);

  test('counts as looking at each entry does', async () => {
    const { archive, store, make } = await open();
    const all = drafts(5, 900).map(make);
    await store(all.slice(0, 600));
    await archive.seal();
    await store(all.slice(600));
    await archive.keep();
    const scanning = createScanStatistics({ reader: archive.reader, now: () => NOW });
    const property = fc.asyncProperty(queryArbitrary, windowArbitrary, async (query, window) => {
      const request = { filter: compileFilter(filterSchema.parse(query)), window };
      expect(await archive.statistics.summary(request)).toEqual(await scanning.summary(request));
      const histogram = { ...request, buckets: 7, split: 'status' as const };
      expect(await archive.statistics.histogram(histogram)).toEqual(await scanning.histogram(histogram));
      const top = { ...request, by: 'path' as const, limit: 5 };
      expect(await archive.statistics.top(top)).toEqual(await scanning.top(top));
      const facets = { ...request, fields: FACETS, limit: 5 };
      expect(await archive.statistics.facets(facets)).toEqual(await scanning.facets(facets));
      const times = { ...request, buckets: 7 };
      expect(await archive.statistics.times(times)).toEqual(await scanning.times(times));
    });
    await fc.assert(property, { numRuns: runsOf(30), endOnFailure: true });
    const window = { from: NOW - 10 * DAY_MS, to: NOW };
    const { totals } = await archive.statistics.events(window, ['oauth.*']);
    const oauth = all.filter(({ event }) => event?.startsWith('oauth.'));
    expect([...totals.values()].reduce((sum, count) => sum + count, 0)).toBe(oauth.length);
    const { entries } = await archive.statistics.slowest({ filter: {}, window, limit: 10 });
    expect(entries.map(({ response_time_ms: ms }) => ms)).toEqual(Array.from({ length: 10 }, () => 2_000));
  }, 60_000);

  test('gives every value back as it was', async () => {
    const { archive, store, make } = await open();
    const odd: Draft[] = [
      '\0',
      'half \ud800 pair',
      '\ud83d\ude00',
      'ſ and K',
      '\u2028',
      '"\\u0000"',
      ' ',
      '\r\n',
    ].map((text, i) => ({
      ageMs: i,
      kind: 'log',
      component: 'app',
      message: text.toWellFormed(),
      path: text.toWellFormed(),
      data: {
        text: text.toWellFormed(),
        [text.toWellFormed() || 'x']: [text.toWellFormed(), 1e300, -0.1, null],
      },
    }));
    const entries = [
      ...odd,
      {
        ageMs: 9,
        kind: 'request',
        component: 'http',
        bytes_sent: 2 ** 53 - 1,
        response_time_ms: 0.1 + 0.2,
      } as Draft,
    ].map(make);
    await store(entries);
    await archive.seal();
    const window = { from: NOW - HOUR_MS, to: NOW };
    const { entries: read } = await archive.reader.search({ filter: {}, window, limit: 100 });
    expect(archive.status().entries).toBe(entries.length);
    expect(read).toEqual([...entries].sort(compareNewestFirst).reverse());
    const nul = await archive.reader.search({
      filter: compileFilter({ 'data.text': '\0' }),
      window,
      limit: 100,
    });
    expect(nul.entries).toEqual([entries[0]]);
  });

  test('erases from everywhere at once, and leaves what is not meant', async () => {
    const { archive, store, make } = await open();
    const all = drafts(7, 600).map(make);
    await store(all.slice(0, 200));
    await archive.seal();
    await store(all.slice(200, 400));
    await archive.seal();
    await archive.keep();
    await store(all.slice(400));
    const filter = compileFilter(filterSchema.parse({ ip: '192.0.2.0/24' }));
    const meant = all.filter((entry) => filter.matches(entry));
    const window = { from: 0, to: NOW };
    const erasing = archive.erase(filter, window);
    const first = (await erasing.next()).value as { unsealed: number; filesLeft: number };
    const search = { filter: compileFilter({}), window: { from: NOW - 60 * DAY_MS, to: NOW }, limit: 1_000 };
    const kept = all
      .filter((entry) => !filter.matches(entry))
      .sort(compareNewestFirst)
      .reverse();
    // No file has been written anew yet.
    expect(first.filesLeft).toBeGreaterThan(0);
    expect((await archive.reader.search(search)).entries).toEqual(kept);
    expect(await archive.reader.entry((meant[0] as Entry).id)).toBeUndefined();
    let last = first as { unsealed: number; sealed?: number; filesLeft: number };
    for await (const progress of erasing) last = progress;
    expect(last.filesLeft).toBe(0);
    expect(last.unsealed + (last.sealed ?? 0)).toBe(meant.length);
    expect((await archive.reader.search(search)).entries).toEqual(kept);
    await archive.seal();
    expect(archive.status()).toMatchObject({ entries: kept.length, erasing: 0 });
    expect((await archive.verify()).damaged).toEqual([]);
  });

  test('goes on where it stopped, with what was written meanwhile, and fills what the stream has lost', async () => {
    const first = await open();
    const all = drafts(11, 900).map(first.make);
    await first.store(all.slice(0, 300));
    await first.archive.seal();
    await first.archive.close();
    await first.store(all.slice(300, 600));
    const second = await open({ folder: first.folder, keyspace: first.keyspace });
    const everything = async ({ archive }: typeof second) =>
      (await archive.reader.search({ filter: {}, window: { from: 0, to: NOW }, limit: 1_000 })).entries.map(
        ({ id }) => id,
      );
    const sorted = (entries: readonly Entry[]) =>
      [...entries]
        .sort(compareNewestFirst)
        .reverse()
        .map(({ id }) => id);
    expect(await everything(second)).toEqual(sorted(all.slice(0, 600)));
    await second.archive.close();
    await first.store(all.slice(600));
    await engine.redis.xtrim(first.keyspace.stream(), 'MAXLEN', 100);
    const third = await open({ folder: first.folder, keyspace: first.keyspace });
    await third.archive.keep();
    expect(third.archive.status().lack).toBeNull();
    expect(await everything(third)).toEqual(sorted(all));
    await third.archive.seal();
    expect(third.archive.status().entries).toBe(900);
  });

  test('is one process’s, and one store’s', async () => {
    const { folder, keyspace, archive } = await open();
    await expect(open({ folder, keyspace })).rejects.toThrow('is in use by another gateway');
    await archive.close();
    await expect(open({ keyspace })).rejects.toThrow('Redis belongs to archive');
  });

  test('of a store in memory, has after a crash what was there before it', async () => {
    const { redis } = engine;
    const before = await open({ isMemoryOnly: true, tickMs: 20, graceMs: 60_000 });
    const all = drafts(13, 500).map(before.make);
    await before.store(all.slice(0, 200));
    await before.archive.seal();
    await before.store(all.slice(200));
    await redis.hset(before.keyspace.writer('w1'), { batch: '7', epoch: '5' });
    await redis.zadd(before.keyspace.writers(), NOW, 'w1');
    await expect.poll(() => before.archive.status().unsealed).toBe(300);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await before.archive.keep();
    // What a crash leaves: the files as they are, and an empty store. A copy is not taken in one moment, so nothing is merged.
    const letKeep = await before.archive.pauseKeeping();
    const copy = await mkdtemp(join(tmpdir(), 'tailrace-archive-'));
    folders.push(copy);
    await cp(before.folder, copy, { recursive: true, filter: (path) => !/\.(sock|new)$/.test(path) });
    letKeep();
    const after = await open({ isMemoryOnly: true, folder: copy });
    expect(await redis.hgetall(after.keyspace.writer('w1'))).toEqual({ batch: '7' });
    expect(after.archive.sides()).toEqual({ hotFrom: NOW, isComplete: true });
    const again = all[250] as Entry;
    const fresh = after.make({ ageMs: 1, kind: 'log', component: 'app', message: 'after' });
    // Its writer did not get the reply and sends it once more.
    await after.store([again, fresh]);
    const page = await after.reader.search({ filter: {}, window: { from: 0, to: NOW }, limit: 1_000 });
    expect(page.entries).toEqual([...all, fresh].sort(compareNewestFirst).reverse());
    expect(page.partial).toBe(false);
  });
});
