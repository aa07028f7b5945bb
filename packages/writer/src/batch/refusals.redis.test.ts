import { isLasting } from '@tailrace/redis';
import { type Entry, indexNamed, Keyspace, STORAGE_TABLE } from '@tailrace/schema';
import { hasRedisServer, startRedisServer, TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { resolveWriterOptions, type WriterError } from '../writer-options.js';
import { APPLY_BATCH_LUA } from './apply-batch.lua.js';
import type { Batch } from './batch.js';
import { RedisWriter } from './redis-writer.js';

const NOW = Date.now();
const IP = '192.0.2.1';
const HOST = 'a.example';

/** Every command the script runs, as it names them. */
const OF_SCRIPT = [...APPLY_BATCH_LUA.matchAll(/(?:call\(|\{)'([A-Z]+)'/g)].map(([, name]) => name as string);
/** Those of counters stand in the payload. */
const ALL_COMMANDS = [...new Set([...OF_SCRIPT, 'HINCRBY', 'ZINCRBY'])];

/** Two requests, one of them an error, and an entry that is no request. */
function entries(): Entry[] {
  const request = { id: '', timestamp: NOW, kind: 'request', component: 'http', message: '' } as const;
  const line = { method: 'GET', path: '/', client_ip: IP, proxy_hostname: HOST, response_time_ms: 5 };
  return [
    { ...request, ...line, level: 'INFO', status_code: 200 },
    { ...request, ...line, level: 'ERROR', status_code: 500 },
    { id: '', timestamp: NOW, kind: 'log', level: 'INFO', component: 'app', message: 'm', client_ip: IP },
  ];
}

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);

  function open(url = engine.url, keyPrefix = engine.newKeyPrefix(), redis = engine.redis) {
    const reported: WriterError[] = [];
    const writer = new RedisWriter({
      options: resolveWriterOptions({ redis: url, keyPrefix }),
      now: Date.now,
      report: (error) => void reported.push(error),
    });
    const keyspace = new Keyspace({ prefix: keyPrefix });
    return {
      writer,
      keyspace,
      reported,
      codes: () => [...new Set(reported.map(({ code }) => code))],
      send: async (batch: Batch) => (await writer.send(batch, [])).applied,
      hashes: async (ids: readonly string[]) => {
        const ttls = await Promise.all(ids.map((id) => redis.ttl(id)));
        return ttls.filter((ttl) => ttl > 0).length;
      },
      total: async () => Number(await redis.hget(keyspace.requestStats(NOW), 'total')),
      numberOf: () => redis.hget(keyspace.writer(writer.id), 'batch'),
    };
  }

  /** A user who may do all but that; `allow` gives the right back. */
  async function userWithout(rule: string) {
    const { redis } = engine;
    await redis.call('ACL', 'SETUSER', 'limited', 'reset', 'on', '>pass', '~*', '+@all', ...rule.split(' '));
    const url = engine.url.replace('//', '//limited:pass@');
    return { url, allow: () => redis.call('ACL', 'SETUSER', 'limited', 'allkeys', '+@all') };
  }

  function idsOf(batch: Batch): string[] {
    return batch.chunks.flatMap(({ content }) => (content as readonly Entry[]).map(({ id }) => id));
  }

  describe('a key of another type', () => {
    it('at the place of an entry: that entry is refused, the others are written once', async () => {
      const { writer, send, hashes, total, keyspace, reported } = open();
      const batch = writer.number(entries());
      const ids = idsOf(batch);
      await engine.redis.set(ids[1] as string, 'mine');
      await send(batch);
      expect(batch.refused).toEqual([
        { id: ids[1], reason: 'rejected', message: expect.stringMatching(/^WRONGTYPE/) },
      ]);
      expect(reported.map(({ code, message }) => [code, message])).toEqual([
        ['entry_refused', expect.stringMatching(/^1 entry is dropped: WRONGTYPE/)],
      ]);
      expect(await engine.redis.get(ids[1] as string)).toBe('mine');
      expect([await hashes(ids), await total(), batch.chunks[0]?.size]).toEqual([2, 1, 2]);
      expect(await engine.redis.xlen(keyspace.stream())).toBe(2);
      writer.close();
    });

    it.each([
      ['an index', (keys: Keyspace) => keys.index(indexNamed('ip'), IP)],
      ['the index of errors', (keys: Keyspace) => keys.index(indexNamed('errors'), '')],
      ['a HyperLogLog', (keys: Keyspace) => keys.uniqueIps(HOST, NOW)],
      ['a hash of counters', (keys: Keyspace) => keys.requestStats(NOW)],
      ['a sorted set of counters', (keys: Keyspace) => keys.pathStats(NOW)],
      ['a histogram', (keys: Keyspace) => keys.responseTimes(HOST, NOW)],
      ['the stream', (keys: Keyspace) => keys.stream()],
      ['the writers', (keys: Keyspace) => keys.writers()],
    ])(
      'at the place of %s: it is left as it is and told, and everything else is written',
      async (_, keyOf) => {
        const { writer, send, hashes, keyspace, codes, numberOf } = open();
        const { redis } = engine;
        const key = keyOf(keyspace);
        await redis.rpush(key, 'mine');
        const batch = writer.number(entries());
        const ids = idsOf(batch);
        await send(batch);
        expect([await redis.lrange(key, 0, -1), await redis.ttl(key)]).toEqual([['mine'], -1]);
        expect([codes(), await hashes(ids), await numberOf()]).toEqual([['index_failed'], 3, '1']);
        expect(Number(await redis.hget(keyspace.writer(writer.id), 'index_failed'))).toBeGreaterThan(0);
        const status = keyspace.index(indexNamed('status'), '500');
        if (key !== status) expect(await redis.zcard(status)).toBe(1);
        writer.close();
      },
    );

    it.each([
      ['the account', (keys: Keyspace, id: string) => keys.writer(id)],
      ['the storage version', (keys: Keyspace) => keys.storageVersion()],
    ])('at the place of %s: nothing is written, and all of it when the key is gone', async (_, keyOf) => {
      const { writer, send, hashes, keyspace, total } = open();
      const { redis } = engine;
      const key = keyOf(keyspace, writer.id);
      await redis.rpush(key, 'mine');
      const batch = writer.number(entries());
      const ids = idsOf(batch);
      await expect(send(batch)).rejects.toThrow(/WRONGTYPE/);
      expect(await redis.exists(...ids)).toBe(0);
      await redis.del(key);
      await send(batch);
      expect([await hashes(ids), await total()]).toEqual([3, 2]);
      writer.close();
    });
  });

  describe('a missing right', () => {
    it.each(ALL_COMMANDS)(
      'to run %s: nothing counts as written that is not, and nothing is written twice',
      async (command) => {
        const { url, allow } = await userWithout(`-${command.toLowerCase()}`);
        const { writer, send, hashes, total, keyspace, numberOf, codes } = open(url);
        const batch = writer.number(entries());
        const ids = idsOf(batch);
        const failure: unknown = await send(batch).catch((error: unknown) => error);
        if (failure === undefined) {
          expect([await hashes(ids), batch.refused]).toEqual([3, []]);
        } else {
          expect([isLasting(failure), await numberOf(), await total()]).toEqual([false, null, 0]);
          expect(codes()).toEqual(['write_failed']);
        }
        await allow();
        if (failure !== undefined) {
          await send(batch);
          expect([await total(), await engine.redis.xlen(keyspace.stream())]).toEqual([2, 3]);
        }
        expect([await hashes(ids), await numberOf()]).toEqual([3, '1']);
        writer.close();
      },
    );

    it('to touch the entries of a kind: they are refused, and the others are written', async () => {
      const keyPrefix = engine.newKeyPrefix();
      const families = STORAGE_TABLE.map(({ key }) => key.split(':')[0]).filter((name) => name !== 'log');
      const patterns = families.map((name) => `~${keyPrefix}${name}:*`).join(' ');
      const { url } = await userWithout(`resetkeys ${patterns} ~${keyPrefix}writers`);
      const { writer, send, hashes, total, keyspace } = open(url, keyPrefix);
      const batch = writer.number(entries());
      const ids = idsOf(batch);
      await send(batch);
      expect(batch.refused).toEqual([
        { id: ids[2], reason: 'rejected', message: expect.stringMatching(/access/) },
      ]);
      expect([await hashes(ids), await total(), await engine.redis.xlen(keyspace.stream())]).toEqual([
        2, 2, 2,
      ]);
      writer.close();
    });

    it('to touch an index: it is told, and everything else is written', async () => {
      const keyPrefix = engine.newKeyPrefix();
      const families = STORAGE_TABLE.map(({ key }) => key.split(':')[0]).filter((name) => name !== 'idx');
      const patterns = families.map((name) => `~${keyPrefix}${name}:*`).join(' ');
      const { url } = await userWithout(`resetkeys ${patterns} ~${keyPrefix}writers`);
      const { writer, send, hashes, codes } = open(url, keyPrefix);
      const batch = writer.number(entries());
      const ids = idsOf(batch);
      await send(batch);
      expect([await hashes(ids), codes()]).toEqual([3, ['index_failed']]);
      writer.close();
    });
  });

  it('a full server: nothing is written, and all of it once there is room', async () => {
    const { writer, send, hashes, total } = open();
    const batch = writer.number(entries());
    const ids = idsOf(batch);
    await engine.redis.config('SET', 'maxmemory', '1');
    await expect(send(batch)).rejects.toThrow(/OOM/);
    await engine.redis.config('SET', 'maxmemory', '0');
    expect(await engine.redis.exists(...ids)).toBe(0);
    await send(batch);
    expect([await hashes(ids), await total()]).toEqual([3, 2]);
    writer.close();
  });

  it('a counter that cannot grow: it is told, and everything else is written', async () => {
    const { writer, send, hashes, keyspace, codes } = open();
    const { redis } = engine;
    await redis.hset(keyspace.requestStats(NOW), 'total', '9223372036854775807');
    const batch = writer.number(entries());
    const ids = idsOf(batch);
    await send(batch);
    expect([codes(), await hashes(ids)]).toEqual([['index_failed'], 3]);
    expect(await redis.hget(keyspace.requestStats(NOW, HOST), 'total')).toBe('2');
    writer.close();
  });
});

describe.runIf(hasRedisServer)('on redis-server with a renamed command', () => {
  it.each(ALL_COMMANDS)('%s: what is not stored does not count as written', async (command) => {
    const server = await startRedisServer({ settings: ['--rename-command', command, `own-${command}`] });
    const redis = new Redis(server.url);
    const reported: WriterError[] = [];
    const writer = new RedisWriter({
      options: resolveWriterOptions({ redis: server.url }),
      now: Date.now,
      report: (error) => void reported.push(error),
    });
    const batch = writer.number(entries());
    const ids = batch.chunks.flatMap(({ content }) => (content as readonly Entry[]).map(({ id }) => id));
    const failure: unknown = await writer
      .send(batch, [])
      .then(({ applied }) => applied)
      .catch((error: unknown) => error);
    const stored = await redis.call('EXISTS', ...ids).catch(() => 3);
    if (failure === undefined) expect([stored, batch.refused]).toEqual([3, []]);
    else expect([isLasting(failure), reported[0]?.code]).toEqual([false, 'write_failed']);
    const ttls = await Promise.all(ids.map((id) => redis.ttl(id).catch(() => -2)));
    expect(ttls.filter((ttl) => ttl === -1)).toEqual([]);
    redis.disconnect();
    writer.close();
    await server.stop();
  });
});
