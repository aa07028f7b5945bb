import { type Entry, indexNamed, Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, it } from 'vitest';
import { resolveWriterOptions } from '../writer-options.js';
import { RedisWriter } from './redis-writer.js';
import { writerAccount } from './writer-account.js';

describe.each(TEST_ENGINES)('when data is removed on $name', ({ start }) => {
  const engine = useEngine(start);

  function open() {
    const keyPrefix = engine.newKeyPrefix();
    const keyspace = new Keyspace({ prefix: keyPrefix });
    const writer = new RedisWriter({
      options: resolveWriterOptions({ redis: engine.url, keyPrefix }),
      now: Date.now,
      report: (error) => {
        throw new Error(error.message);
      },
    });
    let accepted = 0;
    return {
      writer,
      keyspace,
      async write(...users: string[]) {
        accepted += users.length;
        await (await writer.send(writer.number(users.map(entryOf)), writerAccount(accepted, {}))).applied;
      },
      account: () => engine.redis.hgetall(keyspace.writer(writer.id)),
      async withoutExpiry() {
        const keys = await engine.redis.keys(`${keyPrefix}*`);
        const ttls = await Promise.all(keys.map((key) => engine.redis.ttl(key)));
        return keys.filter((key, i) => ttls[i] === -1 && key !== keyspace.storageVersion());
      },
    };
  }

  function entryOf(user: string): Entry {
    return {
      id: '',
      timestamp: Date.now(),
      kind: 'request',
      level: 'ERROR',
      component: 'http',
      message: '',
      user_id: user,
      client_ip: '192.0.2.1',
      proxy_hostname: 'a.example',
      path: '/a',
      method: 'GET',
      event: 'disk.full',
      status_code: 500,
      response_time_ms: 3,
    };
  }

  it('all of it: the account begins anew with the data, and nothing seems to wait', async () => {
    const { writer, write, account, keyspace } = open();
    await write('a', 'b', 'c');
    await engine.redis.flushall();
    await write('d');
    expect(await account()).toMatchObject({ accepted: '4', written_before: '3', written: '1', batch: '2' });
    expect(await engine.redis.xlen(keyspace.stream())).toBe(1);
    await write('e', 'f');
    expect(await account()).toMatchObject({ accepted: '6', written_before: '3', written: '3', batch: '3' });
    writer.close();
  });

  it('any key, evicted or deleted: it has its expiry again with the next entry, although the writer had set it before', async () => {
    const { redis } = engine;
    const { writer, write, withoutExpiry, keyspace } = open();
    await write('a', 'b');
    const keys = (await redis.keys(`${keyspace.base}*`)).filter((key) => !key.includes('writers:'));
    expect(keys.length).toBeGreaterThan(12);
    for (const key of keys) {
      await redis.del(key);
      await write('a', 'b');
      expect(await withoutExpiry(), `after ${key} was deleted`).toEqual([]);
    }
    expect(await redis.ttl(keyspace.index(indexNamed('user'), 'a'))).toBeGreaterThan(0);
    writer.close();
  });

  it('the account: what is sent again is still written once', async () => {
    const { writer, write, keyspace, account } = open();
    await write('a');
    await engine.redis.del(keyspace.writer(writer.id));
    await write('b');
    expect(await account()).toMatchObject({ written: '1', written_before: '1', batch: '2' });
    writer.close();
  });
});
