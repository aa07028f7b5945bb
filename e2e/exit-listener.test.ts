import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@tailrace/logger/internal';
import type { RunningEngine } from '@tailrace/test-engines';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { describeOnEachEngine } from './testing/engines.js';
import { runProcess } from './testing/finished-process.js';
import { testProcessPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';
import { connectTo, readStream } from './testing/stored-keys.js';

const LATE = ['late 1', 'late 2', 'late 3'];

describeOnEachEngine('entries logged in listeners of the end of a process', (engine) => {
  let running: RunningEngine;
  beforeAll(async () => {
    running = await engine.start();
  });
  afterAll(() => running?.stop());

  async function logAtExit(order: string, spoolDir: string) {
    const args = [testProcessPath('log-at-exit.mjs'), order, spoolDir];
    const env = environmentWith({ REDIS_URL: running.url });
    const { code, stdout, stderr } = await runProcess(process.execPath, args, { env });
    return { code, stderr, stats: JSON.parse(stdout) };
  }

  test.each([
    ['behind', ['before the end', ...LATE]],
    ['first', LATE],
  ])('are delivered by the next process when the listeners come %s', async (order, messages) => {
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
    onTestFinished(() => rm(spoolDir, { recursive: true }));
    const redis = connectTo(running.url);
    onTestFinished(() => redis.disconnect());
    await redis.flushall();
    const { code, stderr, stats } = await logAtExit(order, spoolDir);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const count = messages.length;
    expect(stats).toMatchObject({ accepted: count, spooled: count, pending: 0, dropped: {} });
    const next = new Logger({ redis: running.url, spoolDir });
    await expect.poll(() => next.stats().recovered, { timeout: 10_000 }).toBe(count);
    await next.close();
    const stored = await readStream(redis, 'stream:requests');
    expect(stored.map(({ message }) => message).sort()).toEqual(messages);
  });

  test('are counted and said where there is no spool', async () => {
    const { stderr, stats } = await logAtExit('first', '');
    expect(stats).toMatchObject({ accepted: 3, pending: 0, dropped: { exit: 3 } });
    expect(stderr).toContain('lost at the end of the process');
  });
});
