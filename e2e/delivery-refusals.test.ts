import { setTimeout as sleep } from 'node:timers/promises';
import { Keyspace } from '@tailrace/schema';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import type { Redis } from 'ioredis';
import { describe, expect, type TestContext, test } from 'vitest';
import { discrepancies } from './testing/discrepancies.js';
import { type RefusingProxy, startRefusingProxy } from './testing/refusing-proxy.js';
import { connectTo } from './testing/stored-keys.js';
import { makeWriterPlace, type WriterOrder, type WriterPlace } from './testing/writer-process.js';

const INDEX = 'idx:req:ip:198.51.100.9';
const COUNT = 5_000;
const STEADY: WriterOrder = { count: COUNT, rate: 2_000, end: 'close' };
/** It must not end while it is refused: closing waits for no Redis that is away. */
const UNTIL_TOLD: WriterOrder = { ...STEADY, untilTold: true };
/** Long enough for several attempts at a batch. */
const REFUSED_MS = 1_200;

/** Ways to refuse, how they begin and how they end. */
const REFUSALS: Readonly<Record<string, readonly [(redis: Redis) => unknown, (redis: Redis) => unknown]>> = {
  'is full (OOM)': [
    (redis) => redis.config('SET', 'maxmemory', '1'),
    (redis) => redis.config('SET', 'maxmemory', '0'),
  ],
  'is a replica (READONLY)': [
    (redis) => redis.replicaof('127.0.0.1', 1),
    (redis) => redis.replicaof('NO', 'ONE'),
  ],
  'does not permit the script (NOPERM)': [
    (redis) => redis.call('ACL', 'SETUSER', 'default', '-evalsha'),
    (redis) => redis.call('ACL', 'SETUSER', 'default', '+evalsha'),
  ],
  'has another password (WRONGPASS)': [
    async (redis) => {
      await redis.call('ACL', 'SETUSER', 'logs', 'resetpass', '>other');
      await redis.call('CLIENT', 'KILL', 'USER', 'logs');
    },
    (redis) => redis.call('ACL', 'SETUSER', 'logs', '>secret'),
  ],
  'asks for a password there was none (NOAUTH)': [
    async (redis) => {
      await redis.config('SET', 'requirepass', 'other');
      await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    },
    (redis) => redis.config('SET', 'requirepass', ''),
  ],
};

const suite = hasRedisServer ? describe.concurrent : describe.skip;
suite(`entries are all stored when Redis${hasRedisServer ? '' : ' (skipped: no redis-server on PATH)'}`, () => {
  test.concurrent.for(Object.entries(REFUSALS))('%s for a while', async ([name, [begin, end]], context) => {
    const { server, redis, place } = await setUp(context);
    const url = name.includes('WRONGPASS') ? server.url.replace('//', '//logs:secret@') : server.url;
    await redis.call('ACL', 'SETUSER', 'logs', 'on', '>secret', '~*', '&*', '+@all');
    const writer = place.start(url, UNTIL_TOLD);
    await writesSome(redis);
    await begin(redis);
    await sleep(REFUSED_MS);
    await end(redis);
    await writesMore(redis);
    await writer.enough();
    const result = await writer.result();
    expect(result).toMatchObject({ written: result.accepted, complete: true, dropped: {} });
    expect(result.retries).toBeGreaterThan(0);
    await expectNothingAmiss(redis, place);
  });

  test.concurrent('is loading its data (LOADING) for a while', async (context) => {
    const { server, redis, place } = await setUp(context);
    const proxy = await refusingProxy(context, server);
    // The first attempt after it finds its connection cut, so that it takes longer.
    const writer = place.start(proxy.url, {
      ...UNTIL_TOLD,
      options: { commandTimeoutMs: 500 },
    });
    await writesSome(redis);
    proxy.refusal = 'LOADING Redis is loading the dataset in memory';
    await sleep(REFUSED_MS);
    proxy.refusal = undefined;
    await writesMore(redis);
    await writer.enough();
    const result = await writer.result();
    expect(result).toMatchObject({ written: result.accepted, complete: true, dropped: {} });
    expect(proxy.refused).toBeGreaterThan(1);
    await expectNothingAmiss(redis, place);
  });

  test.concurrent('loses its scripts again and again (NOSCRIPT)', async (context) => {
    const { server, redis, place } = await setUp(context);
    const writer = place.start(server.url, UNTIL_TOLD);
    await writesSome(redis);
    for (let i = 0; i < 20; i++) {
      await redis.script('FLUSH');
      await sleep(REFUSED_MS / 20);
    }
    await writesMore(redis);
    await writer.enough();
    const result = await writer.result();
    expect(result).toMatchObject({ written: result.accepted, dropped: {} });
    expect(result.retries).toBeGreaterThan(0);
    await expectNothingAmiss(redis, place);
  });

  test.concurrent.for([
    ['an index of every request', [INDEX], ['the index by IP lacks']],
    ['an index of a quarter of the requests', ['idx:req:status:404'], []],
    ['the live stream', ['stream:requests'], ['the stream lacks']],
    ['the counts of the hour', hourKeys(), [`0 of ${(COUNT / 50) * 49} requests are counted`]],
  ] as const)('has a key of another type in the way of %s', async ([, keys, missing], context) => {
    const { server, redis, place } = await setUp(context);
    for (const key of keys) await redis.set(key, 'in the way');
    const result = await place.start(server.url, STEADY).result();
    expect(result).toMatchObject({ accepted: COUNT, written: COUNT, dropped: {}, complete: true });
    for (const key of keys) expect([await redis.get(key), await redis.ttl(key)]).toEqual(['in the way', -1]);
    await redis.del(...keys);
    const found = await discrepancies(redis, await place.ledger());
    expect(found).toEqual(missing.map((text) => expect.stringContaining(text)));
  });
});

async function setUp({ onTestFinished }: TestContext) {
  const place = await makeWriterPlace();
  const server = await startRedisServer();
  const redis = connectTo(server.url);
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop();
    await place.remove();
  });
  return { place, server, redis };
}

/** Of now and of soon, should the hour end meanwhile. */
function hourKeys(): string[] {
  const keyspace = new Keyspace();
  return [0, 60_000].map((aheadMs) => keyspace.requestStats(Date.now() + aheadMs));
}

async function refusingProxy({ onTestFinished }: TestContext, server: RedisServer): Promise<RefusingProxy> {
  const proxy = await startRefusingProxy(server.url);
  onTestFinished(() => proxy.close());
  return proxy;
}

async function writesSome(redis: Redis): Promise<void> {
  while ((await redis.xlen('stream:requests')) === 0) await sleep(20);
}

/** The writer has found out that it is refused no longer. */
async function writesMore(redis: Redis): Promise<void> {
  const before = await redis.xlen('stream:requests');
  while ((await redis.xlen('stream:requests')) === before) await sleep(20);
}

async function expectNothingAmiss(redis: Redis, place: WriterPlace): Promise<void> {
  expect(await discrepancies(redis, await place.ledger())).toEqual([]);
}
