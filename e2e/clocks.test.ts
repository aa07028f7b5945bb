import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDeliveryReader, createReader } from '@tailrace/query';
import { DAY_MS, DEFAULT_RETENTION_DAYS, indexNamed, Keyspace } from '@tailrace/schema';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { testProcessPath } from './testing/repository.js';
import { connectTo } from './testing/stored-keys.js';
import { describeUnless } from './testing/test-unless.js';

/** The library that fakes the clock of a process; empty where it is not installed. */
const preload =
  spawnSync('faketime', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD']).stdout?.toString().trim() ?? '';
const absence = preload !== '' && hasRedisServer ? undefined : 'no faketime or no redis-server on PATH';

interface Step {
  readonly offset: string;
  readonly count: number;
  readonly message: string;
}

describeUnless(absence, 'processes whose clock is wrong', () => {
  const keyspace = new Keyspace();
  let server: RedisServer;
  let redis: Redis;
  let folder: string;

  beforeAll(async () => {
    server = await startRedisServer();
    redis = connectTo(server.url);
    folder = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
  });
  beforeEach(() => redis.flushall());
  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function log(steps: readonly Step[], { url = server.url, returns = false } = {}) {
    const clock = join(folder, 'clock');
    await writeFile(clock, '+0');
    const order = { redis: url, spoolDir: join(folder, 'spool'), clock, steps, returns };
    const args = [testProcessPath('log-by-clock.mjs'), JSON.stringify(order)];
    const { code, stdout, stderr } = await runProcess(process.execPath, args, {
      env: {
        ...process.env,
        LD_PRELOAD: preload,
        FAKETIME_TIMESTAMP_FILE: clock,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
    });
    expect(code, stderr).toBe(0);
    return { ...JSON.parse(stdout || '{}'), stderr };
  }

  async function found(filter = 'clock'): Promise<string[]> {
    const reader = createReader({ redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS });
    const window = { from: Date.now() - 365 * DAY_MS, to: Date.now() + 365 * DAY_MS };
    const { entries } = await reader.search({ filter: { component: filter }, window, limit: 1_000 });
    return entries.map(({ message }) => message);
  }

  test("one that is fast hides nobody else's entries: its own are refused, counted and told", async () => {
    await log([{ offset: '+0', count: 300, message: 'right' }]);
    const fast = await log([{ offset: '+30d', count: 10, message: 'fast' }]);
    expect(fast).toMatchObject({ complete: true, spooled: 0, dropped: { entry_in_future: 10 } });
    expect(fast.stderr).toMatch(
      /10 entries are dropped: .*more than a day ahead; the clock here is 2592\d{3} s ahead/,
    );
    expect(await found()).toEqual(Array.from({ length: 300 }, (_, i) => `right ${i}`));
    expect(await redis.zcard(keyspace.index(indexNamed('component'), 'clock'))).toBe(300);
    expect(await found('tailrace')).toEqual([expect.stringMatching(/^10 entries dropped, entry_in_future/)]);
    const { writers } = await createDeliveryReader({ redis, keyspace })();
    expect(writers.map(({ skewMs }) => Math.abs(Math.round((skewMs ?? 0) / DAY_MS))).sort()).toEqual([0, 30]);
    expect(writers.map(({ lag }) => lag)).toEqual([0, 0]);
  });

  test('one that is slow does not lose in silence', async () => {
    const slow = await log([{ offset: '-8d', count: 10, message: 'slow' }]);
    expect(slow).toMatchObject({ complete: true, dropped: { entry_too_old: 10 } });
    expect(slow.accepted).toBe(slow.written + 10);
    expect(slow.stderr).toMatch(/10 entries are dropped: .*is older than the 7 days class requests is kept/);
    expect(await found()).toEqual([]);
  });

  test('one that jumps within a batch loses only what it logged while it was wrong', async () => {
    const jumping = await log([
      { offset: '+0', count: 5, message: 'before' },
      { offset: '+30d', count: 5, message: 'fast' },
      { offset: '-8d', count: 5, message: 'slow' },
      { offset: '+0', count: 5, message: 'after' },
    ]);
    expect(jumping).toMatchObject({ complete: true, dropped: { entry_in_future: 5, entry_too_old: 5 } });
    const kept = ['before', 'after'].flatMap((name) => Array.from({ length: 5 }, (_, i) => `${name} ${i}`));
    expect((await found()).sort()).toEqual(kept.sort());
    expect(await redis.xlen(keyspace.stream())).toBe(jumping.written);
  });

  test('one that was wrong while Redis was away is found out when its spool is replayed', async () => {
    const later = await startRedisServer();
    const { port, url } = later;
    await later.stop();
    const spooled = await log(
      [
        { offset: '-8d', count: 4, message: 'slow' },
        { offset: '+0', count: 6, message: 'right' },
      ],
      { url },
    );
    expect(spooled).toMatchObject({ complete: false, written: 0, spooled: 10, dropped: {} });
    const back = await startRedisServer({ port });
    const other = await log([{ offset: '+0', count: 1, message: 'other' }], { url, returns: true });
    expect(other.stderr).toMatch(/4 entries are dropped: .*older than the 7 days/);
    const reading = connectTo(url);
    const ids = await reading.zrange(keyspace.index(indexNamed('component'), 'clock'), '0', '-1');
    expect(ids).toHaveLength(7);
    reading.disconnect();
    await back.stop();
  });
});
