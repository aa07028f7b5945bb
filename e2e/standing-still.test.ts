import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunningEngine } from '@tailrace/test-engines';
import type { Redis } from 'ioredis';
import { Piscina } from 'piscina';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { describeOnEachEngine } from './testing/engines.js';
import { testProcessPath } from './testing/repository.js';
import { connectTo, readStream } from './testing/stored-keys.js';

const MESSAGES = ['one', 'two', 'three'];

describeOnEachEngine('what was logged before it stands still is stored', (engine) => {
  let running: RunningEngine;
  let redis: Redis;
  let spoolDir: string;
  beforeAll(async () => {
    running = await engine.start();
    redis = connectTo(running.url);
  });
  afterAll(async () => {
    redis?.disconnect();
    await running?.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
    spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
    onTestFinished(() => rm(spoolDir, { recursive: true, force: true }));
  });

  const stored = async () => (await readStream(redis, 'stream:requests')).map(({ message }) => message);

  function startPool(options: ConstructorParameters<typeof Piscina>[0]): Piscina {
    const pool = new Piscina({
      filename: testProcessPath('piscina-task.mjs'),
      maxThreads: 1,
      workerData: { redis: running.url, spoolDir },
      ...options,
    });
    onTestFinished(() => pool.destroy());
    return pool;
  }

  test('by an idle Piscina worker whose task is wrapped in flushAfter', async () => {
    const pool = startPool({});
    for (const message of MESSAGES) {
      await pool.run(message, { name: 'flushed' });
      expect((await stored()).at(-1)).toBe(message);
    }
  });

  test('by an idle Piscina worker of a pool without atomics', async () => {
    const pool = startPool({ atomics: 'disabled' });
    for (const message of MESSAGES) await pool.run(message, { name: 'plain' });
    await expect.poll(stored, { timeout: 10_000 }).toEqual(MESSAGES);
  });

  test('by a handler whose process is frozen as soon as it has replied', async () => {
    const env = { PATH: process.env.PATH, REDIS_URL: running.url, SPOOL_DIR: spoolDir };
    const child = spawn(process.execPath, [testProcessPath('frozen-handler.mjs')], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    });
    const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    for (const [message, reply] of [
      ['first', 'done: first'],
      ['fails', 'the handler fails'],
      ['last', 'done: last'],
    ]) {
      child.stdin.write(`${message}\n`);
      expect((await replies.next()).value).toBe(reply);
      child.kill('SIGSTOP');
      expect((await stored()).at(-1)).toBe(message);
      child.kill('SIGCONT');
    }
  });
});
