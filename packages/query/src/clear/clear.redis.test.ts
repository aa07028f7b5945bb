import {
  DAY_MS,
  DEFAULT_RETENTION_DAYS,
  type Entry,
  Keyspace,
  scoreOf,
  storageRowOf,
} from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { beforeEach, describe, expect, test } from 'vitest';
import { createReader } from '../search/reader.js';
import { storeCounters } from '../statistics/testing/store-counters.js';
import { storeEntries } from '../testing/store-entries.js';
import { type ClearRequest, createClear } from './clear.js';

const NOW = Date.UTC(2024, 0, 15, 12);

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);
  beforeEach(() => engine.redis.flushall());

  function open(prefix = '') {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix });
    const reading = { redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS, now: () => NOW };
    const reader = createReader(reading);
    const clear = createClear({ ...reading, reader });
    return {
      keyspace,
      reader,
      async store(entries: readonly Entry[]) {
        const stored = entries.map((entry) => ({ ...entry, id: keyspace.base + entry.id }));
        await storeEntries(redis, keyspace, stored, NOW);
        await storeCounters(redis, keyspace, stored);
      },
      async run(request: ClearRequest) {
        const progress: number[] = [];
        for await (const removed of clear(request)) progress.push(removed);
        return progress;
      },
    };
  }

  const keysOf = async (pattern = '*') => (await engine.redis.keys(pattern)).sort();

  test('clearing all removes all log data, says how much, and leaves what is foreign', async () => {
    const { redis } = engine;
    const { keyspace, run, store } = open();
    await store(Array.from({ length: 2_300 }, (_, i) => request(i)));
    await redis.mset('session:1', 'a', 'log', 'b', 'log:1:app', 'c', 'req:1:2:short', 'd', 'index:user', 'e');
    await redis.set('stats:requests:today', 'f');
    await redis.hset('writers:w1', { batch: 7, epoch: 123, written: 2_300, last_seen: NOW });
    const foreign = await keysOf().then((keys) => keys.filter((key) => storageRowOf(key) === undefined));
    const progress = await run({ filter: {} });
    expect(progress.at(-1)).toBe(2_300);
    expect(progress.length).toBeGreaterThan(2);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(await keysOf()).toEqual([...foreign, 'writers:w1'].sort());
    expect(foreign).toHaveLength(6);
    expect(await redis.hgetall(keyspace.writer('w1'))).toEqual({
      batch: '7',
      written: '2300',
      last_seen: String(NOW),
    });
  });

  test('clearing one prefix leaves another', async () => {
    const [mine, other] = [open('mine:'), open('other:')];
    await mine.store([request(1)]);
    await other.store([request(2)]);
    const before = await keysOf('other:*');
    expect(await mine.run({ filter: {} })).toEqual([1]);
    expect(await keysOf()).toEqual(before);
  });

  test.each([{}, { ip: '192.0.2.1' }])(
    'after clearing %o, writers refresh every expiry, and no key is left without an expiry',
    async (filter) => {
      const { redis } = engine;
      const { keyspace, run, store } = open();
      await store([request(1)]);
      await redis.hset(keyspace.writer('w1'), { batch: 1, epoch: 1 });
      const clearing = run({ filter });
      // What a writer puts there while it believes that the key has its expiry.
      const late = `${keyspace.base}idx:req:ip:198.51.100.9`;
      const written = redis.zadd(late, NOW, keyspace.entry('request', NOW, '198.51.100.9', 'aaaaaaaa'));
      await Promise.all([clearing, written]);
      expect(await redis.hgetall(keyspace.writer('w1'))).toEqual({ batch: '1' });
      for (const key of await keysOf('*:*')) {
        if (!/^(req|log|writers):/.test(key)) expect(await redis.ttl(key), key).toBeGreaterThan(0);
      }
    },
  );

  test.each([{}, { before: NOW + 1, filter: { level: 'AUDIT' as const } }])(
    'clearing %o leaves keys of somebody else whose names look like ours as they are',
    async (request) => {
      const { redis } = engine;
      const { keyspace, run, store } = open();
      await redis.set('req:5:session:abcdefgh', 'a');
      await redis.hset('req:5:session:abcdefgi', { user: 'b' });
      await redis.hset('log:5:session:abcdefgj', { timestamp: '1705314645123', message: 'c' });
      await redis.hset('req:1:log:5:app:abcdefgk', { timestamp: '5', message: 'of the prefix req:1:' });
      await redis.sadd('log:5:session:abcdefgl', 'd');
      await redis.zadd('idx:req:ip:203.0.113.9', NOW, 'user:7', NOW, 'user:8');
      await redis.zadd('idx:level:INFO', scoreOf({ timestamp: 5, order: 0 }), 'log:5:session:abcdefgj');
      await redis.set('idx:req:user:kay', 'e');
      await redis.hset('stats:events:20240115:10', { cpu: 'high' });
      await redis.set('stats:unique_ips:h:20240115:10', 'f');
      await redis.hset('writers:robot', { epoch: '1', name: 'g' });
      await redis.sadd(keyspace.stream(), 'h');
      const foreign = await stateOf((await keysOf()).filter((key) => key !== 'idx:level:INFO'));
      const mine = audit(1);
      // The stream is taken; hash and indexes are stored.
      await expect(store([mine])).rejects.toThrow('WRONGTYPE');
      expect((await run({ filter: {}, ...request })).at(-1)).toBe(1);
      expect(await redis.exists(mine.id)).toBe(0);
      expect(await stateOf(Object.keys(foreign))).toEqual(foreign);
    },
  );

  test('an expiry of somebody else is not touched', async () => {
    const { redis } = engine;
    await redis.mset('idx:other', 'a', 'stats:other', 'b', 'stream:other', 'c');
    await open().run({ filter: {} });
    expect(await Promise.all((await keysOf()).map((key) => redis.ttl(key)))).toEqual([-1, -1, -1]);
  });

  test('clearing by filter removes just the matches, from hash, indexes and stream; statistics remain', async () => {
    const { redis } = engine;
    const { keyspace, reader, run, store } = open();
    const all = Array.from({ length: 700 }, (_, i) => request(i));
    await store(all);
    await store([audit(1), audit(2)]);
    const statistics = await dumpOf('stats:*');
    const gone = all.filter((entry) => entry.client_ip === '192.0.2.1').map(({ id }) => id);
    expect((await run({ filter: { ip: '192.0.2.1' } })).at(-1)).toBe(gone.length);
    expect(await dumpOf('stats:*')).toEqual(statistics);
    for (const key of await keysOf('idx:*')) {
      const members: string[] = await redis.zrange(key, 0, '-1');
      expect(members.filter((id) => gone.includes(id))).toEqual([]);
    }
    // The audit entry of that address is spared until the filter names its level.
    expect(await keysOf('idx:*:192.0.2.1')).toHaveLength(2);
    expect((await run({ filter: { ip: '192.0.2.1', level: ['AUDIT', 'INFO'] } })).at(-1)).toBe(1);
    expect(await keysOf('idx:*:192.0.2.1')).toEqual([]);
    const streamed = JSON.stringify(await redis.xrange(keyspace.stream(), '-', '+'));
    expect(streamed).not.toContain('"client_ip":"192.0.2.1"');
    expect(await redis.xlen(keyspace.stream())).toBe(702 - gone.length - 1);
    const window = { from: 0, to: NOW };
    const left = await reader.search({ filter: {}, window, limit: 1_000 });
    expect(left.entries).toHaveLength(702 - gone.length - 1);
    expect(await redis.exists(...gone)).toBe(0);
  });

  test('clearing before a time leaves what is of that time or newer', async () => {
    const { reader, run, store } = open();
    await store([audit(1, NOW - 10 * DAY_MS), audit(2, NOW - 2), audit(3, NOW - 1), audit(4, NOW)]);
    expect((await run({ filter: {}, before: NOW - 1 })).at(-1)).toBe(0);
    expect((await run({ filter: { level: 'AUDIT' }, before: NOW - 1 })).at(-1)).toBe(2);
    const { entries } = await reader.search({ filter: {}, window: { from: 0, to: NOW }, limit: 10 });
    expect(entries.map(({ timestamp }) => timestamp)).toEqual([NOW - 1, NOW]);
  });

  test('where nothing is, nothing is removed', async () => {
    expect(await open().run({ filter: {} })).toEqual([]);
    expect(await open().run({ filter: { user: 'alice' } })).toEqual([0]);
  });

  test('an abort ends it before the next step', async () => {
    const { redis } = engine;
    const { keyspace, reader, store } = open();
    await store([request(1)]);
    const options = { redis, keyspace, reader, retentionDays: DEFAULT_RETENTION_DAYS, now: () => NOW };
    const clearing = createClear(options)({ filter: {} }, { signal: AbortSignal.abort(new Error('enough')) });
    await expect(clearing[Symbol.asyncIterator]().next()).rejects.toThrow('enough');
    expect(await keysOf('req:*')).toHaveLength(1);
  });

  async function stateOf(keys: readonly string[]): Promise<Record<string, unknown>> {
    const states = keys.map(async (key) => [
      key,
      [String(await engine.redis.dump(key)), await engine.redis.ttl(key)],
    ]);
    return Object.fromEntries(await Promise.all(states));
  }

  async function dumpOf(pattern: string): Promise<Record<string, string>> {
    const keys = await keysOf(pattern);
    const dumps = await Promise.all(keys.map((key) => engine.redis.dump(key)));
    return Object.fromEntries(keys.map((key, i) => [key, String(dumps[i])]));
  }
});

function request(number: number): Entry {
  const client_ip = `192.0.2.${number % 5}`;
  const timestamp = NOW - number;
  return {
    id: `req:${timestamp}:${client_ip}:${String(number).padStart(8, '0')}`,
    timestamp,
    kind: 'request',
    level: number % 3 === 0 ? 'ERROR' : 'INFO',
    component: 'http',
    message: `GET /users/${number}`,
    method: 'GET',
    path: `/users/${number}`,
    status_code: number % 3 === 0 ? 500 : 200,
    response_time_ms: 1_500,
    client_ip,
    proxy_hostname: 'a.example',
    user_id: `u${number % 7}`,
    trace_id: `t${number}`,
  };
}

function audit(number: number, timestamp = NOW): Entry {
  return {
    id: `log:${timestamp}:vm:${String(number).padStart(8, '0')}`,
    timestamp,
    kind: 'log',
    level: 'AUDIT',
    component: 'vm',
    message: 'volume attached',
    client_ip: number === 1 ? '192.0.2.1' : '198.51.100.1',
    objects: ['vm-1', `vol-${number}`],
  };
}
