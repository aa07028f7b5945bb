import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from './store.js';

const suite = hasRedisServer ? describe : describe.skip;
suite(`openStore${hasRedisServer ? '' : ' (skipped: no redis-server on PATH)'}`, () => {
  async function start(): Promise<RedisServer> {
    const server = await startRedisServer();
    onTestFinished(() => server.stop());
    return server;
  }

  function connectTo(url: string): Redis {
    const redis = new Redis(url);
    onTestFinished(() => redis.disconnect());
    return redis;
  }

  async function open(url: string, reports: string[] = []) {
    const store = await openStore(url, (text) => reports.push(text));
    onTestFinished(() => store.close());
    return store;
  }

  /** A name that leads to one server, and to another one for new connections after a failover. */
  async function movingName(first: RedisServer) {
    const state = { port: first.port };
    const proxy = createServer((client) => {
      const redis = connect(state.port, '127.0.0.1');
      for (const [socket, other] of [
        [client, redis],
        [redis, client],
      ] as const) {
        socket.pipe(other);
        socket.on('error', () => {}).on('close', () => other.destroy());
      }
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => void proxy.close());
    return { state, url: `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  }

  test('refuses a node of a Cluster by name, as one server of it has a part of the data', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tailrace-cluster-'));
    const server = await startRedisServer({ settings: ['--cluster-enabled', 'yes', '--dir', folder] });
    onTestFinished(async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    });
    await expect(openStore(server.url, () => {})).rejects.toThrow(
      'is a node of a Cluster; allowed: one server, or redis+cluster://',
    );
  });

  test.each([99, 100])('refuses a database there is none of: %i', async (db) => {
    const { url } = await start();
    await expect(openStore(`${url}/${db}`, () => {})).rejects.toThrow('ERR DB index is out of range');
  });

  test('goes on in no other database when its own may not be selected any more', async () => {
    const { url } = await start();
    const admin = connectTo(url);
    await admin.call('ACL', 'SETUSER', 'reader', 'on', '>secret', '~*', '+@all');
    const reports: string[] = [];
    const store = await open(`${url.replace('//', '//reader:secret@')}/3`, reports);
    await store.redis.set('where', '3');
    await admin.call('ACL', 'SETUSER', 'reader', '-select');
    await admin.call('CLIENT', 'KILL', 'USER', 'reader');
    await expect.poll(() => reports).toEqual(['the connection to the store is lost; trying again']);
    await expect(store.redis.set('where', '0')).rejects.toThrow();
    await admin.call('ACL', 'SETUSER', 'reader', '+select');
    await expect.poll(() => store.redis.get('where').catch(() => undefined), { timeout: 10_000 }).toBe('3');
    expect(await admin.keys('*')).toEqual([]);
  });

  test('finds the new primary behind a name when the old one has become a replica', async () => {
    const [old, next] = [await start(), await start()];
    const { state, url } = await movingName(old);
    const store = await open(url);
    const blocking = store.connectBlocking();
    onTestFinished(() => blocking.disconnect());
    await blocking.set('warm', '1');
    state.port = next.port;
    await connectTo(old.url).replicaof('127.0.0.1', next.port);
    await expect(store.redis.set('a', '1')).rejects.toThrow(/READONLY/);
    await expect.poll(() => store.redis.set('a', '2').catch(() => undefined)).toBe('OK');
    await expect.poll(() => blocking.set('b', '2').catch(() => undefined)).toBe('OK');
    expect((await connectTo(next.url).keys('*')).sort()).toEqual(['a', 'b']);
  });

  test('opens for a user who may not ask for INFO, and without the command', async () => {
    const { url } = await start();
    const admin = connectTo(url);
    await admin.call('ACL', 'SETUSER', 'reader', 'on', '>secret', '~*', '+@all', '-info');
    const store = await open(url.replace('//', '//reader:secret@'));
    expect(store.engineName).toMatch(/^(Redis|Valkey) \d+\.\d+/);
    expect(await store.redis.set('a', '1')).toBe('OK');
    const renamed = await startRedisServer({ settings: ['--rename-command', 'INFO', ''] });
    onTestFinished(() => renamed.stop());
    expect(await (await open(renamed.url)).redis.set('a', '1')).toBe('OK');
  });
});
