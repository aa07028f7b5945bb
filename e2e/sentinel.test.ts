import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@tailrace/client';
import { Logger } from '@tailrace/logger/internal';
import { hasRedisServer } from '@tailrace/test-engines';
import { expect, onTestFinished } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { startGatewayProcess } from './testing/gateway-process.js';
import { GATEWAY_MAIN } from './testing/repository.js';
import { startSentinelGroup } from './testing/sentinel-group.js';
import { environmentWith } from './testing/settings.js';
import { testUnless } from './testing/test-unless.js';

const needsRedis = testUnless(hasRedisServer ? undefined : 'no redis-server on PATH');

needsRedis(
  'logger and gateway go on at the new master of a Sentinel group, and lose nothing',
  async () => {
    const group = await startSentinelGroup();
    onTestFinished(() => group.stop());
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
    const gateway = await startGatewayProcess({ REDIS_URL: group.url });
    const logger = new Logger({ redis: group.url, spoolDir, onError: () => {} });
    onTestFinished(async () => {
      await logger.close(0);
      await gateway.stop();
      await rm(spoolDir, { recursive: true });
    });
    const client = createClient({ url: gateway.url });
    const followed: string[] = [];
    const leaving = new AbortController();
    const following = (async () => {
      for await (const event of client.stream({}, { signal: leaving.signal })) {
        if (event.type === 'entry') followed.push(event.entry.message);
      }
    })().catch(() => undefined);
    for (let i = 0; i < 300; i++) logger.log('INFO', `before ${i}`);
    await logger.flush();
    const failing = group.failOver();
    for (let i = 0; i < 300; i++) {
      logger.log('INFO', `during ${i}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await failing;
    for (let i = 0; i < 300; i++) logger.log('INFO', `after ${i}`);
    await expect
      .poll(() => logger.stats(), { timeout: 20_000 })
      .toMatchObject({ accepted: 900, written: 900, pending: 0, spooled: 0, dropped: {} });
    await expect
      .poll(async () => (await client.search({ limit: 1_000, component: 'app' })).logs.length, {
        timeout: 20_000,
      })
      .toBe(900);
    const { logs } = await client.search({ limit: 1_000, component: 'app' });
    expect(new Set(logs.map(({ message }) => message)).size).toBe(900);
    await expect
      .poll(() => followed.filter((message) => message.startsWith('after')).length, { timeout: 20_000 })
      .toBe(300);
    leaving.abort();
    await following;
  },
  90_000,
);

needsRedis(
  'a master that no Sentinel knows, and Sentinels that do not answer, are named',
  async () => {
    const group = await startSentinelGroup();
    onTestFinished(() => group.stop());
    const start = (url: string) =>
      runProcess(process.execPath, [GATEWAY_MAIN], { env: environmentWith({ PORT: '0', REDIS_URL: url }) });
    const unknown = await start(group.url.replace(/logs$/, 'others'));
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('no Sentinel answers that knows a master "others"');
    const silent = await start('redis+sentinel://:secret@127.0.0.1:1/logs');
    expect(silent.code).toBe(1);
    expect(silent.stderr).toContain('redis+sentinel://127.0.0.1:1/logs cannot be used: no Sentinel answers');
    expect(silent.stderr).not.toContain('secret');
  },
  60_000,
);
