import {
  type Cursor,
  DAY_MS,
  DEFAULT_RETENTION_DAYS,
  type Entry,
  type Filter,
  indexNamed,
  isError,
  Keyspace,
} from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFilter } from '../filter/compile-filter.js';
import { storeEntries } from '../testing/store-entries.js';
import { compareNewestFirst } from './entry-order.js';
import { createReader, type SearchRequest } from './reader.js';
import {
  DAY,
  type Draft,
  entryDraft,
  idsOf,
  NOW,
  requestArbitrary,
  toEntry,
  walk,
} from './testing/drafts.js';

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);

  /** A keyspace of its own for each test, and a reader of it whose clock stands at NOW. */
  function open(scanBudget = { candidates: 1_000_000, milliseconds: 60_000 }) {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix: engine.newKeyPrefix() });
    const reader = createReader({
      redis,
      keyspace,
      retentionDays: DEFAULT_RETENTION_DAYS,
      now: () => NOW,
      scanBudget,
    });
    const store = (entries: readonly Entry[]) => storeEntries(redis, keyspace, entries, NOW);
    return { keyspace, reader, store };
  }

  test('search finds what a plain filter over all entries finds, in the same order', async () => {
    const { keyspace, reader, store } = open();
    const all = fc.sample(entryDraft, { numRuns: 600, seed: 7 }).map((draft) => toEntry(keyspace, draft));
    await store(all);
    const property = fc.asyncProperty(requestArbitrary, async (request) => {
      const expected = expectedOf(all, request);
      const page = await reader.search(request);
      expect(idsOf(page.entries)).toEqual(idsOf(expected.slice(0, request.limit).reverse()));
      expect(page.total ?? expected.length).toBe(expected.length);
      expect(page.nextCursor !== null).toBe(expected.length > request.limit);
      expect(page.partial).toBe(false);
    });
    await fc.assert(property, { numRuns: 300, endOnFailure: true });
  });

  test('cursors walk to the end and bring every match once while entries are being written', async () => {
    const property = fc.asyncProperty(
      fc.array(entryDraft, { minLength: 40, maxLength: 120 }),
      requestArbitrary,
      fc.boolean(),
      async (drafts, request, isTight) => {
        const { keyspace, reader, store } = open(
          isTight ? { candidates: 7, milliseconds: 60_000 } : undefined,
        );
        const before = drafts.map((draft) => toEntry(keyspace, draft));
        await store(before);
        let writes = 0;
        const seen = await walk(reader, request, async () => {
          if (writes++ < 5) await store(drafts.slice(0, 3).map((draft) => toEntry(keyspace, draft)));
        });
        expect(new Set(seen).size).toBe(seen.length);
        const known = new Set(idsOf(before));
        expect(seen.filter((id) => known.has(id))).toEqual(idsOf(expectedOf(before, request)));
      },
    );
    await fc.assert(property, { numRuns: 40, endOnFailure: true });
  });

  test('20,000 entries of the same few milliseconds come each once, over several indexes', async () => {
    const { keyspace, reader, store } = open();
    const levels = ['INFO', 'ERROR', 'DEBUG'] as const;
    const entries = Array.from({ length: 20_000 }, (_, i) =>
      toEntry(keyspace, { age: i % 3, kind: 'log', level: levels[(i >> 3) % 3] ?? 'INFO', component: 'a' }),
    );
    for (let i = 0; i < entries.length; i += 2_000) await store(entries.slice(i, i + 2_000));
    const seen = await walk(reader, { filter: {}, window: DAY, limit: 1_000 });
    expect(seen.length).toBe(20_000);
    expect(new Set(seen).size).toBe(20_000);
  });

  test('a search that reaches its budget says so and its cursor goes on', async () => {
    const { keyspace, reader, store } = open({ candidates: 100, milliseconds: 60_000 });
    const entries = Array.from({ length: 1_000 }, (_, i) =>
      toEntry(keyspace, {
        age: i,
        kind: 'log',
        level: 'INFO',
        component: 'a',
        message: i % 400 === 399 ? 'rare' : 'usual',
      }),
    );
    await store(entries);
    const request: SearchRequest = { filter: { q: 'rare' }, window: DAY, limit: 5 };
    const first = await reader.search(request);
    expect(first.partial).toBe(true);
    expect(first.nextCursor).not.toBeNull();
    expect((await walk(reader, request)).length).toBe(2);
  });

  test('an entry that expired between index and fetch is passed over', async () => {
    const { keyspace, reader, store } = open();
    const entries = Array.from({ length: 10 }, (_, i) =>
      toEntry(keyspace, { age: i, kind: 'log', level: 'INFO', component: 'a' }),
    );
    await store(entries);
    await engine.redis.del(...idsOf(entries.slice(0, 4)));
    const page = await reader.search({ filter: { component: 'a' }, window: DAY, limit: 6 });
    expect(idsOf(page.entries)).toEqual(idsOf(entries.slice(4).reverse()));
    expect(page.nextCursor).toBeNull();
  });

  test('keys of another type and broken hashes do not fail the search', async () => {
    const { redis } = engine;
    const { keyspace, reader, store } = open();
    const [good, wrongType, badJson, badTime] = Array.from({ length: 4 }, (_, i) =>
      toEntry(keyspace, { age: i, kind: 'log', level: 'INFO', component: 'a' }),
    ) as [Entry, Entry, Entry, Entry];
    await store([good, wrongType, badJson, badTime]);
    await redis.del(wrongType.id);
    await redis.lpush(wrongType.id, 'a list');
    await redis.hset(badJson.id, 'data', '{"a":');
    await redis.hset(badTime.id, 'timestamp', 'soon', '__proto__', 'x', 'constructor', 'y');
    const page = await reader.search({ filter: { component: 'a' }, window: DAY, limit: 10 });
    expect(idsOf(page.entries)).toEqual([good.id]);
    expect(({} as Record<number, unknown>)[0]).toBeUndefined();
  });

  test('a field of another shape than ours fails its own entry, not the search', async () => {
    const { keyspace, reader, store } = open();
    const [good, bad] = Array.from({ length: 2 }, (_, i) =>
      toEntry(keyspace, { age: i, kind: 'log', component: 'a', objects: ['vm-1'] }),
    ) as [Entry, Entry];
    await store([good, bad]);
    await engine.redis.hset(bad.id, 'objects', '5');
    for (const filter of [{ object: 'vm-1' }, { component: 'a', object: 'vm-1' }]) {
      expect(idsOf((await reader.search({ filter, window: DAY, limit: 10 })).entries)).toEqual([good.id]);
    }
  });

  test('large entries of any text, more than one call reads, come as they were stored', async () => {
    const { keyspace, reader, store } = open();
    const hostile = '\u0000\u001f\u007f"\\/\\u0041\r\n\u2028\u00e9\u{1f600}';
    const entries = Array.from({ length: 250 }, (_, age) => ({
      ...toEntry(keyspace, { age, kind: 'log', component: 'app' }),
      message: hostile.repeat(age % 30 === 0 ? 3_000 : 1),
      data: { [hostile]: hostile, nothing: '' },
    }));
    await store(entries);
    const page = await reader.search({ filter: {}, window: DAY, limit: 1_000 });
    expect(page.entries).toEqual(entries.toReversed());
  });

  test('a page ends behind so many bytes, says so, and its cursor goes on', async () => {
    const { keyspace, store } = open();
    const { redis } = engine;
    const maxPageBytes = 100_000;
    const reading = { redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS, now: () => NOW, maxPageBytes };
    const reader = createReader(reading);
    const sizes = [60_000, 60_000, 200_000, 10, 10, 10];
    const entries = sizes.map((size, age) =>
      toEntry(keyspace, { age, kind: 'log', component: 'a', message: 'é'.repeat(size / 2) }),
    );
    await store(entries);
    const pages: { ids: string[]; partial: boolean }[] = [];
    let cursor: Cursor | undefined;
    do {
      const page = await reader.search({ filter: { component: 'a' }, window: DAY, limit: 5, cursor });
      pages.push({ ids: idsOf(page.entries), partial: page.partial });
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const ids = idsOf(entries);
    expect(pages).toEqual([
      { ids: [ids[1], ids[0]], partial: true },
      { ids: [ids[2]], partial: true },
      { ids: [ids[5], ids[4], ids[3]], partial: false },
    ]);
  });

  test('a search is aborted between two calls to Redis', async () => {
    const { keyspace, store } = open();
    const entries = Array.from({ length: 20 }, (_, age) =>
      toEntry(keyspace, { age, kind: 'log', component: 'a', message: 'x'.repeat(300_000) }),
    );
    await store(entries);
    const leaving = new AbortController();
    let looked = 0;
    const reader = createReader({
      redis: engine.redis,
      keyspace,
      retentionDays: DEFAULT_RETENTION_DAYS,
      // Asked for each entry that is looked at.
      now: () => {
        if (++looked === 5) leaving.abort(new Error('gone'));
        return NOW;
      },
    });
    const request = { filter: { component: 'a' }, window: DAY, limit: 20 };
    await expect(reader.search(request, { signal: leaving.signal })).rejects.toThrow('gone');
    expect(looked).toBeLessThan(10);
  });

  test('errors are requests from 400 and logs from ERROR', async () => {
    const { keyspace, reader, store } = open();
    const drafts: Draft[] = [
      { age: 1, kind: 'request', status: 404, component: 'http' },
      { age: 2, kind: 'request', status: 200, component: 'http' },
      { age: 3, kind: 'log', level: 'CRITICAL', component: 'a' },
      { age: 4, kind: 'log', level: 'WARNING', component: 'a' },
    ];
    const entries = drafts.map((draft) => toEntry(keyspace, draft));
    await store(entries);
    const page = await reader.search({ filter: {}, window: DAY, limit: 10, errorsOnly: true });
    expect(idsOf(page.entries)).toEqual(idsOf([entries[2], entries[0]]));
    expect(page.total).toBe(2);
  });

  test('errors, OAuth events and audit entries are found after the ordinary index has let go', async () => {
    const { keyspace, reader, store } = open();
    const drafts: Draft[] = [
      { age: 10 * DAY_MS, kind: 'request', status: 503, component: 'http', ip: '192.0.2.1', user: 'u1' },
      { age: 60 * DAY_MS, kind: 'log', level: 'INFO', component: 'a', event: 'oauth.token', ip: '192.0.2.1' },
      { age: 900 * DAY_MS, kind: 'log', level: 'AUDIT', component: 'a', ip: '192.0.2.1', objects: ['vm-1'] },
    ];
    const [error, oauth, audit] = drafts.map((draft) => toEntry(keyspace, draft)) as [Entry, Entry, Entry];
    await store([error, oauth, audit]);
    const find = async (filter: Filter, errorsOnly = false) => {
      const window = { from: NOW - 2000 * DAY_MS, to: NOW };
      return idsOf((await reader.search({ filter, window, limit: 10, errorsOnly })).entries);
    };
    expect(await find({ ip: '192.0.2.1' })).toEqual(idsOf([audit, oauth, error]));
    expect(await find({ user: 'u1' })).toEqual([error.id]);
    expect(await find({ object: 'vm-1' })).toEqual([audit.id]);
    expect(await find({ event: 'oauth.token' })).toEqual([oauth.id]);
    expect(await find({ status: { from: 503, to: 503 } })).toEqual([error.id]);
    expect(await find({ component: 'a', level: 'AUDIT' })).toEqual([audit.id]);
    expect(await find({ component: 'a' })).toEqual(idsOf([audit, oauth]));
    expect(await find({ event: 'oauth.*' })).toEqual([oauth.id]);
    expect(await find({ 'user!': 'u1' })).toEqual(idsOf([audit, oauth]));
    expect(await find({})).toEqual(idsOf([audit, oauth, error]));
    expect(await find({}, true)).toEqual([error.id]);
  });

  test('a member that its index should have trimmed is not found', async () => {
    const { keyspace, reader, store } = open();
    const old = toEntry(keyspace, { age: 8 * DAY_MS, kind: 'log', level: 'INFO', component: 'a' });
    await store([old]);
    await engine.redis.zadd(keyspace.index(indexNamed('component'), 'a'), old.timestamp, old.id);
    const window = { from: NOW - 20 * DAY_MS, to: NOW };
    expect((await reader.search({ filter: { component: 'a' }, window, limit: 10 })).entries).toEqual([]);
  });

  test('entry replies one entry by its id, and nothing for other keys', async () => {
    const { redis } = engine;
    const { keyspace, reader, store } = open();
    const entry = toEntry(keyspace, { age: 0, kind: 'log', level: 'INFO', component: 'a/b:c' });
    await store([entry]);
    await redis.hset(`${keyspace.base}stats:requests:20240115:10`, 'timestamp', '1');
    await redis.hset('foreign', 'timestamp', '1');
    expect(await reader.entry(entry.id)).toEqual(entry);
    expect(await reader.entry(`${keyspace.base}stats:requests:20240115:10`)).toBeUndefined();
    expect(await reader.entry('foreign')).toBeUndefined();
    expect(await reader.entry(`${keyspace.base}log:1:a:aaaaaaaa`)).toBeUndefined();
  });

  test('an aborted search throws the reason', async () => {
    const { keyspace, reader, store } = open();
    await store([toEntry(keyspace, { age: 0, kind: 'log', level: 'INFO', component: 'a' })]);
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(reader.search({ filter: {}, window: DAY, limit: 1 }, { signal })).rejects.toThrow('gone');
  });
});

/** What search must find, newest first. */
function expectedOf(entries: readonly Entry[], { filter, window, errorsOnly }: SearchRequest): Entry[] {
  const { matches } = compileFilter(filter);
  return entries
    .filter(({ timestamp }) => timestamp >= window.from && timestamp <= window.to)
    .filter((entry) => matches(entry) && (errorsOnly !== true || isError(entry)))
    .sort(compareNewestFirst);
}
