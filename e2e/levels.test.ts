import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createClient } from '@tailrace/client';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { CLI_MAIN, repositoryPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

/** How long a running process may take to follow. */
const FOLLOWS_MS = 2_000;

let redis: RedisServer;
let gateway: GatewayProcess;

beforeAll(async () => {
  if (!hasRedisServer) return;
  redis = await startRedisServer();
  gateway = await startGatewayProcess({ REDIS_URL: redis.url });
});
afterAll(async () => {
  await gateway?.stop();
  await redis?.stop();
});

const tailrace = (...args: string[]) =>
  runProcess(process.execPath, [CLI_MAIN, ...args], { env: environmentWith({ TAILRACE_URL: gateway.url }) });

test.runIf(hasRedisServer)('a running process logs DEBUG while the gateway says so', async () => {
  const client = createClient({ url: gateway.url });
  const child = spawn(process.execPath, [repositoryPath('e2e/processes/log-on-demand.mjs')], {
    env: environmentWith({ REDIS_URL: redis.url }),
    stdio: 'inherit',
  });
  const exited = once(child, 'exit');
  const count = async (level: string, from: Date) =>
    (await client.search({ level, from, limit: 1 })).logs.length;
  const start = new Date();
  await expect.poll(() => count('INFO', start), { timeout: 10_000 }).toBe(1);

  expect(await tailrace('levels', 'ticker.detail', 'debug')).toMatchObject({ code: 0 });
  await expect.poll(() => count('DEBUG', start), { timeout: FOLLOWS_MS }).toBe(1);

  expect((await tailrace('levels')).stdout).toBe('ticker.detail  DEBUG\n');
  expect(await tailrace('levels', '--reset')).toMatchObject({ code: 0 });
  await new Promise((resolve) => setTimeout(resolve, FOLLOWS_MS));
  const after = new Date();
  await expect.poll(() => count('INFO', after), { timeout: 5_000 }).toBe(1);
  expect(await count('DEBUG', after)).toBe(0);

  expect((await tailrace('delivery')).stdout).toContain(`:${child.pid} `);
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test.runIf(hasRedisServer)('looking for levels keeps no process alive, and connects none', async () => {
  const run = (what: string) =>
    runProcess(process.execPath, [repositoryPath('e2e/processes/log-once.mjs'), what], {
      env: environmentWith({ REDIS_URL: redis.url }),
      deadlineMs: 10_000,
    });
  expect(await run('one')).toMatchObject({ code: 0, stderr: '' });
  const connection = new Redis(redis.url, { replyMapping: 'legacy' });
  const connections = async () =>
    /total_connections_received:(\d+)/.exec(await connection.info('stats'))?.[1];
  const before = await connections();
  expect(await run('nothing')).toMatchObject({ code: 0, stderr: '' });
  expect(await connections()).toBe(before);
  connection.disconnect();
});
