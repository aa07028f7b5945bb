import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@tailrace/logger/internal';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { type FollowerProcess, startFollowerProcess } from './testing/follower-process.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { type LossyProxy, startLossyProxy } from './testing/lossy-proxy.js';
import { testProcessPath } from './testing/repository.js';
import { connectTo } from './testing/stored-keys.js';

const BURST = 50_000;

describe.skipIf(!hasRedisServer)('tailrace follow', { timeout: 120_000 }, () => {
  let server: RedisServer;
  let redis: Redis;
  let gateway: GatewayProcess;
  let proxy: LossyProxy;
  let followers: FollowerProcess[] = [];

  beforeAll(async () => {
    server = await startRedisServer();
    redis = connectTo(server.url);
    gateway = await startGatewayProcess({ REDIS_URL: server.url });
    proxy = await startLossyProxy(gateway.url);
  });
  afterAll(async () => {
    await Promise.all(followers.map((follower) => follower.interrupt()));
    await proxy?.close();
    await gateway?.stop();
    redis?.disconnect();
    await server?.stop();
  });

  /** By way of the proxy the connection can be cut, but the proxy takes in what a slow follower does not. */
  async function follow(url = proxy.url.replace('redis:', 'http:')): Promise<FollowerProcess> {
    const follower = await startFollowerProcess(url, () => connectionsOf(redis));
    followers.push(follower);
    return follower;
  }

  async function end(follower: FollowerProcess): Promise<void> {
    followers = followers.filter((other) => other !== follower);
    expect(await follower.interrupt()).toBe(0);
    await expect.poll(() => connectionsOf(redis), { timeout: 10_000 }).toBe(0);
  }

  async function burst(writer: number): Promise<string[]> {
    const order = { redis: server.url, writer, count: BURST, from: Date.now(), spanMs: 1 };
    const path = testProcessPath('write-burst.mjs');
    const run = await runProcess(process.execPath, [path, JSON.stringify(order)], { deadlineMs: 60_000 });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    return Array.from({ length: BURST }, (_, i) => `${writer}-${i}`);
  }

  /** Writes 100 entries every 50 ms while something happens, and replies their numbers. */
  async function writeDuring(name: string, happens: () => Promise<void>): Promise<string[]> {
    const logger = new Logger({ redis: server.url, onError: () => {} });
    let count = 0;
    const timer = setInterval(() => {
      for (let i = 0; i < 100; i++) {
        logger.request(
          { method: 'GET', path: '/', client_ip: '192.0.2.1', proxy_hostname: 'a.example' },
          { request_id: `${name}-${count++}` },
        );
      }
    }, 50);
    await sleep(300);
    await happens();
    await sleep(300);
    clearInterval(timer);
    const { written } = await logger.close(30_000);
    expect(written).toBe(count);
    return Array.from({ length: count }, (_, i) => `${name}-${i}`);
  }

  test('shows each of a burst of 50,000 once, in order', async () => {
    const follower = await follow();
    const written = await burst(1);
    await follower.reach(BURST);
    expect(follower.missed()).toBe(0);
    expect(follower.shown()).toEqual(written);
    await end(follower);
  });

  test('says exactly how many it missed when it was stopped meanwhile', async () => {
    const follower = await follow(gateway.url);
    process.kill(follower.pid, 'SIGSTOP');
    await burst(2);
    const written = await burst(3).then((more) => more.length + BURST);
    process.kill(follower.pid, 'SIGCONT');
    await follower.reach(written);
    expect(follower.missed()).toBeGreaterThan(0);
    const shown = follower.shown();
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown.length + follower.missed()).toBe(written);
    await end(follower);
  });

  test.each([
    [
      'redis-server stands still',
      async () => {
        process.kill(server.pid, 'SIGSTOP');
        await sleep(6_000);
        process.kill(server.pid, 'SIGCONT');
      },
    ],
    ['its connection is cut', async () => proxy.cut()],
    [
      'the gateway is restarted',
      async () => {
        const { port } = new URL(gateway.url);
        await gateway.stop();
        gateway = await startGatewayProcess({ REDIS_URL: server.url, PORT: port });
      },
    ],
  ])('shows each once when %s', async (what, happens) => {
    const follower = await follow();
    const written = await writeDuring(what, happens);
    await follower.reach(written.length);
    expect(follower.missed()).toBe(0);
    expect(follower.shown().sort()).toEqual(written.sort());
    await end(follower);
  });

  test('thousands of connects leave nothing behind', async () => {
    for (let round = 0; round < 10; round++) {
      await Promise.all(
        Array.from({ length: 200 }, async () => {
          const ending = new AbortController();
          const opened = fetch(`${gateway.url}/logs/stream?component=none`, { signal: ending.signal });
          if (round % 2 === 0) await (await opened).body?.getReader().read();
          ending.abort();
          await opened.catch(() => {});
        }),
      );
    }
    await expect.poll(() => connectionsOf(redis), { timeout: 10_000 }).toBe(0);
    const one = await follow();
    const written = await writeDuring('after', async () => {});
    await one.reach(written.length);
    await end(one);
  });
});

/** Connections that wait in Redis: the gateway's one is there as long as somebody follows. */
async function connectionsOf(redis: Redis): Promise<number> {
  const list = String(await redis.client('LIST'));
  return list.split('\n').filter((line) => / flags=\w*b/.test(line)).length;
}
