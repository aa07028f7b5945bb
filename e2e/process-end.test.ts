import { type EmbeddedEngine, startEmbeddedEngine } from '@tailrace/embedded';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { readPages } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { testProcessPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

const COUNT = 1_200;
/** Nobody listens there. */
const NO_REDIS = 'redis://127.0.0.1:1';
/** Far more than it takes; a process that still runs then is killed, and the test fails by its signal. */
const DEADLINE_MS = 15_000;

describe('a process that logs and comes to its end', () => {
  let engine: EmbeddedEngine;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    engine = await startEmbeddedEngine();
    gateway = await startGatewayProcess({ REDIS_URL: engine.url });
  });
  afterAll(async () => {
    await gateway?.stop();
    await engine?.stop();
  });

  const logAndEnd = (redisUrl: string) =>
    runProcess(process.execPath, [testProcessPath('log-and-end.mjs'), String(COUNT)], {
      env: environmentWith({ REDIS_URL: redisUrl }),
      deadlineMs: DEADLINE_MS,
    });

  test('ends by itself, with its entries stored', async () => {
    expect(await logAndEnd(engine.url)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    const pages = await readPages(gateway.url, '/logs?component=script');
    const messages = pages.flatMap(({ logs }) => logs.map(({ message }) => message));
    expect(messages.sort()).toEqual(Array.from({ length: COUNT }, (_, i) => `last words ${i}`).sort());
  });

  test('ends by itself without Redis, and says so', async () => {
    const { code, signal, stderr } = await logAndEnd(NO_REDIS);
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stderr).toMatch(/^tailrace logger: Redis is not reachable: .+\n/);
  });
});
