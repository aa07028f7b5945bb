import { DEFAULT_RETENTION_DAYS, type Entry, Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, test } from 'vitest';
import { createClear } from '../clear/clear.js';
import { createReader } from '../search/reader.js';
import type { Shard } from '../shards/shard.js';
import { createReaderOf } from '../shards/sharded-reader.js';
import { storeEntries } from '../testing/store-entries.js';
import { createDeletedEntriesOf } from './deleted-entries.js';

const NOW = Date.now() - 1_000;
const WINDOW = { from: 0, to: NOW + 1_000 };

describe.each(TEST_ENGINES)('deleted entries on $name', ({ start }) => {
  const engine = useEngine(start);

  function open(base = new Keyspace({ prefix: engine.newKeyPrefix() }).base) {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix: base });
    const reading = { redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS };
    const reader = createReader(reading);
    return {
      redis,
      keyspace,
      reader,
      deleted: createDeletedEntriesOf([{ redis, keyspace }], reading),
      clear: createClear({ ...reading, reader }),
      idsOf: async (filter = {}) =>
        (await reader.search({ filter, window: WINDOW, limit: 100 })).entries.map(({ id }) => id),
      /** All there is but the hashes of entries. */
      async indexes() {
        const keys = (await redis.keys(`${keyspace.base}idx:*`)).sort();
        return Promise.all(keys.map(async (key) => [key, await redis.zrange(key, '0', '-1', 'WITHSCORES')]));
      },
    };
  }

  test('are in no index and no read, but keep their hash; restored they are where they were', async () => {
    const { redis, keyspace, reader, deleted, idsOf, indexes } = open();
    const entries = [1, 2, 3].map((number) => request(keyspace, number));
    await storeEntries(redis, keyspace, entries);
    const before = await indexes();
    const entry = entries[1] as Entry;
    expect(await deleted.remove(entry)).toBe(true);
    expect(await deleted.remove(entry)).toBe(false);
    expect(await reader.entry(entry.id)).toBeUndefined();
    expect(await idsOf()).toEqual([entries[2]?.id, entries[0]?.id]);
    for (const [key, members] of await indexes()) {
      if (key !== keyspace.deleted()) expect(members, String(key)).not.toContain(entry.id);
    }
    expect(await redis.hmget(entry.id, 'client_ip', 'deleted')).toEqual([
      '192.0.2.1',
      expect.stringMatching(/^\d+$/),
    ]);
    expect(JSON.stringify(await redis.xrange(keyspace.stream(), '-', '+'))).not.toContain(entry.id);
    expect(await redis.pttl(keyspace.deleted())).toBeGreaterThan(0);

    expect(await deleted.restore(entry.id)).toBe(true);
    expect(await deleted.restore(entry.id)).toBe(false);
    expect(await reader.entry(entry.id)).toEqual(entry);
    expect(await indexes()).toEqual(before);
    expect(await idsOf({ ip: '192.0.2.1' })).toEqual(entries.map(({ id }) => id).toReversed());
  });

  test('go for good with what is cleared by a filter they match, and stay with any other', async () => {
    const { redis, keyspace, deleted, clear } = open();
    const entries = [1, 2, 3, 4].map((number) => request(keyspace, number));
    await storeEntries(redis, keyspace, entries);
    for (const entry of entries.slice(0, 3)) await deleted.remove(entry);
    const removed = async (filter: object) => {
      let count = 0;
      for await (count of clear({ filter })) void count;
      return count;
    };
    expect(await removed({ user: 'nobody' })).toBe(0);
    expect(await removed({ user: 'user-2' })).toBe(1);
    expect(await redis.exists(...entries.map(({ id }) => id))).toBe(3);
    expect(await deleted.restore(entries[1]?.id as string)).toBe(false);
    expect(await deleted.restore(entries[0]?.id as string)).toBe(true);
    expect(await removed({ ip: '192.0.2.1' })).toBe(3);
    expect(await redis.keys(`${keyspace.base}req:*`)).toEqual([]);
    expect(await redis.exists(keyspace.deleted())).toBe(0);
  });

  test('are looked for on the shard their id names', async () => {
    const { redis } = engine;
    const prefix = engine.newKeyPrefix();
    const shards: Shard[] = [0, 1].map((shard) => ({ redis, keyspace: new Keyspace({ prefix, shard }) }));
    const reading = { retentionDays: DEFAULT_RETENTION_DAYS };
    const [reader, deleted] = [createReaderOf(shards, reading), createDeletedEntriesOf(shards, reading)];
    const entries = shards.map(({ keyspace }, number) => request(keyspace, number));
    for (const [i, { keyspace }] of shards.entries())
      await storeEntries(redis, keyspace, [entries[i] as Entry]);
    expect(await deleted.remove(entries[1] as Entry)).toBe(true);
    expect(await reader.entry(entries[0]?.id as string)).toEqual(entries[0]);
    expect(await reader.entry(entries[1]?.id as string)).toBeUndefined();
    expect(await deleted.restore(entries[1]?.id as string)).toBe(true);
    expect(await reader.entry(entries[1]?.id as string)).toEqual(entries[1]);
  });

  test('are none of what is no entry of ours', async () => {
    const { redis, keyspace, deleted } = open();
    const foreign = request(keyspace, 1);
    await redis.set(foreign.id, 'theirs');
    expect(await deleted.remove(foreign)).toBe(false);
    expect(await deleted.remove({ ...foreign, id: `${keyspace.base}session:1` })).toBe(false);
    expect(await deleted.restore(`${keyspace.base}settings:levels`)).toBe(false);
    expect(await deleted.restore('x'.repeat(100_000))).toBe(false);
    expect(await redis.get(foreign.id)).toBe('theirs');
    expect(await redis.exists(keyspace.deleted())).toBe(0);
  });

  test('that are in an index of somebody else leave it as it is', async () => {
    const { redis, keyspace, deleted } = open();
    const entry = request(keyspace, 1);
    await storeEntries(redis, keyspace, [entry]);
    const key = `${keyspace.base}idx:req:user:user-1`;
    await redis.del(key);
    await redis.set(key, 'theirs');
    expect(await deleted.remove(entry)).toBe(true);
    expect(await deleted.restore(entry.id)).toBe(true);
    expect(await redis.get(key)).toBe('theirs');
  });
});

function request(keyspace: Keyspace, number: number): Entry {
  const timestamp = NOW - number * 7;
  return {
    id: keyspace.entry('request', timestamp, '192.0.2.1', `aaaaaaa${number}`),
    timestamp,
    kind: 'request',
    level: 'INFO',
    component: 'http',
    message: `GET /orders/${number} 200`,
    client_ip: '192.0.2.1',
    user_id: `user-${number}`,
    method: 'GET',
    path: `/orders/${number}`,
    status_code: 200,
    response_time_ms: 40,
  };
}
