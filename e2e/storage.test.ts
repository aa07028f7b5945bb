import { type CloseResult, close, configureLogger, flush } from '@tailrace/logger';
import {
  classOf,
  DAY_MS,
  DEFAULT_RETENTION_DAYS,
  ENTRY_FIELDS,
  type Entry,
  Keyspace,
  SHORT_STATS_DAYS,
  STORAGE_TABLE,
  storageRowOf,
} from '@tailrace/schema';
import type { RunningEngine } from '@tailrace/test-engines';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnEachEngine } from './testing/engines.js';
import { type ExpectedStorage, expectedStorage } from './testing/expected-storage.js';
import { logMixedLoad } from './testing/mixed-load.js';
import {
  connectTo,
  readCounts,
  readEntries,
  readSortedSet,
  readStream,
  type StoredKey,
  scanKeys,
} from './testing/stored-keys.js';

/** Keys expire a day later than their class is kept, and seconds are rounded up. */
const SLACK_MS = DAY_MS + 1_000;
/** Redis and this process may round differently. */
const ROUNDING_MS = 1_000;

describeOnEachEngine('what a mixed load leaves in the store', (engine) => {
  const keyspace = new Keyspace();
  let running: RunningEngine;
  let redis: Redis;
  let logged: readonly string[];
  let closed: CloseResult;
  let keys: StoredKey[];
  let entries: Entry[];
  let expected: ExpectedStorage;
  /** When reading the keys began and when it ended. */
  let readFrom: number;
  let readTo: number;

  const keysOf = (family: RegExp) => keys.filter(({ key }) => family.test(key)).map(({ key }) => key);
  const ttlOf = (wanted: string) => keys.find(({ key }) => key === wanted)?.ttlMs ?? -2;
  const expectTtl = (key: string, days: number) => {
    expect(ttlOf(key), key).toBeGreaterThan(0);
    expect(ttlOf(key), key).toBeLessThanOrEqual(days * DAY_MS + SLACK_MS);
  };

  beforeAll(async () => {
    running = await engine.start();
    redis = connectTo(running.url);
    configureLogger({ redis: running.url, level: 'TRACE' });
    logged = logMixedLoad();
    await flush();
    closed = await close();
    readFrom = Date.now();
    keys = await scanKeys(redis);
    readTo = Date.now();
    entries = await readEntries(redis, keysOf(/^(req|log):/));
    expected = expectedStorage(entries, keyspace, Date.now());
  });
  afterAll(async () => {
    redis?.disconnect();
    await running?.stop();
  });

  test('every entry is stored once, and no call is unaccounted for', () => {
    expect(closed).toMatchObject({
      accepted: logged.length,
      written: logged.length,
      pending: 0,
      dropped: {},
    });
    expect(entries.map((entry) => entry.request_id).sort()).toEqual([...logged].sort());
  });

  test('every key is of a family of the storage table, has its type, and expires', () => {
    for (const { key, type, ttlMs } of keys) {
      const row = storageRowOf(key);
      expect(row, `no family for ${key}`).toBeDefined();
      expect([key, type]).toEqual([key, row?.type]);
      if (key === keyspace.storageVersion() || key === keyspace.proof('trail')) expect(ttlMs).toBe(-1);
      else expect(ttlMs, `${key} never expires`).toBeGreaterThan(0);
    }
  });

  test('every family of the storage table is there', () => {
    const seen = new Set(keys.map(({ key }) => storageRowOf(key)));
    // These are written by operators, by alerts, by whoever signs the audit trail, for senders with ids of their own, on a cluster, or by an archive.
    const others =
      /^(alerts:|audit:(tree|state|lease)$|ids:|idx:deleted|request_keys:|settings:(levels|searches|shards|archive)$)/;
    const missing = STORAGE_TABLE.filter((row) => !seen.has(row)).map(({ key }) => key);
    expect(missing).toEqual(STORAGE_TABLE.map(({ key }) => key).filter((key) => others.test(key)));
  });

  test('an entry has only fields of the schema, its key says its time, and it goes when its class ends', async () => {
    for (const entry of entries) {
      const names = (await redis.hkeys(entry.id)).map((name) => name.split('~')[0] as string);
      expect(names.filter((name) => !ENTRY_FIELDS.has(name) && name !== 'order')).toEqual([]);
      expect(entry.id.split(':')[1]).toBe(String(entry.timestamp));
      const endsAt = entry.timestamp + DEFAULT_RETENTION_DAYS[classOf(entry)] * DAY_MS;
      expect(ttlOf(entry.id), entry.id).toBeLessThanOrEqual(endsAt - readFrom + ROUNDING_MS);
      expect(ttlOf(entry.id), entry.id).toBeGreaterThan(endsAt - readTo - ROUNDING_MS);
    }
  });

  test('the stream has every entry once, the same as its hash', async () => {
    const streamed = await readStream(redis, keyspace.stream());
    const byId = (a: Entry, b: Entry) => (a.id < b.id ? -1 : 1);
    expect(streamed.sort(byId)).toEqual([...entries].sort(byId));
    expectTtl(keyspace.stream(), DEFAULT_RETENTION_DAYS.requests);
  });

  test('every entry is under exactly the keys the index table says, with its time and order as score', async () => {
    for (const key of keysOf(/^idx:/)) {
      const index = expected.indexes.get(key);
      expect(index, `nothing belongs into ${key}`).toBeDefined();
      const stored = await readSortedSet(redis, key);
      expect(missing(index?.required, stored), `missing in ${key}`).toEqual([]);
      expect(missing(stored, index?.allowed), `too much in ${key}`).toEqual([]);
      expectTtl(key, index?.days ?? 0);
    }
    const required = [...expected.indexes].filter(([, { required }]) => required.size > 0);
    expect(required.map(([key]) => key).filter((key) => ttlOf(key) < 0)).toEqual([]);
  });

  test('counters say what the entries say', async () => {
    expect(keysOf(/^stats:(?!unique_ips)/).sort()).toEqual([...expected.counters.keys()].sort());
    for (const [key, { days, counts }] of expected.counters) {
      const read = /^stats:(paths|hosts):/.test(key) ? readSortedSet : readCounts;
      expect([key, await read(redis, key)]).toEqual([key, counts]);
      expectTtl(key, days);
    }
  });

  test('unique visitors are counted for each host and hour', async () => {
    expect(keysOf(/^stats:unique_ips:/).sort()).toEqual([...expected.visitors.keys()].sort());
    for (const [key, { days, ips }] of expected.visitors) {
      expect([key, await redis.pfcount(key)]).toEqual([key, ips.size]);
      expectTtl(key, days);
    }
  });

  test('the writer says how much it has written', async () => {
    const [writer = '', ...others] = keysOf(/^writers:/);
    expect(others).toEqual([]);
    const record = await redis.hgetall(writer);
    expect(Object.keys(record).sort()).toEqual([
      'accepted',
      'batch',
      'epoch',
      'host',
      'last_seen',
      'pid',
      'skew',
      'started',
      'written',
    ]);
    expect(Number(record.written)).toBe(entries.length);
    expectTtl(writer, SHORT_STATS_DAYS);
  });

  test('no key is left over', () => {
    const known = new Set([
      ...entries.map(({ id }) => id),
      ...expected.indexes.keys(),
      ...expected.counters.keys(),
      ...expected.visitors.keys(),
      ...keysOf(/^writers:/),
      keyspace.stream(),
      keyspace.writers(),
      keyspace.storageVersion(),
      keyspace.proof('trail'),
    ]);
    expect(keys.map(({ key }) => key).filter((key) => !known.has(key))).toEqual([]);
  });
});

/** Members of `wanted` that `found` does not have with the same score. */
function missing(
  wanted: ReadonlyMap<string, number> = new Map(),
  found: ReadonlyMap<string, number> = new Map(),
): string[] {
  return [...wanted].filter(([member, score]) => found.get(member) !== score).map(([member]) => member);
}
