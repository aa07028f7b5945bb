import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedEngine, startEmbeddedEngine } from '@tailrace/embedded';
import { close, configureLogger, log_info } from '@tailrace/logger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { readPages } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { testProcessPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';
import { startTcpProxy, type TcpProxy } from './testing/tcp-proxy.js';

const COUNT = 3_000;
const ADAPTERS = ['pino, in this process', 'pino, in a worker', 'winston', 'logtape', 'console'];
const TIMEOUT_MS = 60_000;

let engine: EmbeddedEngine;
let gateway: GatewayProcess;
/** Between the loggers and the engine; spools are kept by address. */
let proxy: TcpProxy;
let isAway = false;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-adapters-'));
  engine = await startEmbeddedEngine();
  proxy = await startTcpProxy(engine.url, (client, redis) => {
    if (isAway) client.destroy();
    else client.pipe(redis).pipe(client);
  });
  gateway = await startGatewayProcess({ REDIS_URL: engine.url });
});
afterAll(async () => {
  await gateway?.stop();
  await proxy?.close();
  await engine?.stop();
  await rm(folder, { recursive: true });
});

async function run(adapter: string, count: number, spoolDir: string, end: string): Promise<void> {
  const args = [testProcessPath('log-through-adapter.mjs'), adapter, String(count), spoolDir, end];
  const { code, signal } = await runProcess(process.execPath, args, {
    env: environmentWith({ REDIS_URL: proxy.url }),
  });
  expect({ code, signal }).toEqual({ code: 0, signal: null });
}

async function messages(adapter: string, since: number): Promise<string[]> {
  const path = `/logs?component=${encodeURIComponent(adapter)}&from=${since}`;
  const pages = await readPages(gateway.url, path);
  return pages.reverse().flatMap(({ logs }) => logs.map(({ message }) => message));
}

/** Writes what a process left in its spool, as the next process does, until all its messages are there once. */
async function recover(adapter: string, since: number, spoolDir: string): Promise<void> {
  configureLogger({ redis: proxy.url, spoolDir });
  log_info('the next process', { component: 'next' });
  await expect.poll(async () => sorted(await messages(adapter, since)), POLL).toEqual(sorted(expected));
  await close();
}

const POLL = { timeout: 20_000, interval: 500 };
const expected = Array.from({ length: COUNT }, (_, i) => `message ${i}`);
const sorted = (texts: readonly string[]) => [...texts].sort();

describe.each(ADAPTERS)('a process that logs through %s', (adapter) => {
  test('and returns has every entry stored, in its order', { timeout: TIMEOUT_MS }, async () => {
    const since = Date.now();
    await run(adapter, COUNT, join(folder, `${adapter} return`), 'return');
    expect(await messages(adapter, since)).toEqual(expected);
  });

  test('and calls process.exit at once loses none: the next process writes what was left', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const since = Date.now();
    const spoolDir = join(folder, `${adapter} exit`);
    await run(adapter, COUNT, spoolDir, 'exit');
    await recover(adapter, since, spoolDir);
  });

  test('while Redis is away loses none either', { timeout: TIMEOUT_MS }, async () => {
    const since = Date.now();
    const spoolDir = join(folder, `${adapter} away`);
    isAway = true;
    await run(adapter, COUNT, spoolDir, 'return');
    isAway = false;
    expect(await messages(adapter, since)).toEqual([]);
    await recover(adapter, since, spoolDir);
  });
});
