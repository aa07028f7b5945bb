import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@tailrace/logger/internal';
import { hasRedisServer } from '@tailrace/test-engines';
import { expect, onTestFinished } from 'vitest';
import { readStored, repeated } from './testing/discrepancies.js';
import { startSentinelGroup } from './testing/sentinel-group.js';
import { seriesLength } from './testing/series.js';
import { connectTo } from './testing/stored-keys.js';
import { testUnless } from './testing/test-unless.js';

const FAILOVERS = seriesLength(10);
/** Entries logged every so often while masters come and go. */
const EVERY_MS = 10;
const AT_ONCE = 10;

const needsRedis = testUnless(hasRedisServer ? undefined : 'no redis-server on PATH');

needsRedis(
  `masters of a Sentinel group killed under load (${FAILOVERS}), each coming back as replica: nothing is lost, nothing twice`,
  async () => {
    const group = await startSentinelGroup();
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
    const logger = new Logger({ redis: group.url, spoolDir, onError: () => {} });
    onTestFinished(async () => {
      await logger.close(0);
      await group.stop();
      await rm(spoolDir, { recursive: true });
    });
    let accepted = 0;
    const load = setInterval(() => {
      for (let i = 0; i < AT_ONCE; i++) logger.log('INFO', 'alive', { request_id: `r${accepted++}` });
    }, EVERY_MS);
    for (let i = 0; i < FAILOVERS; i++) {
      await sleep(1_000);
      await group.failOverAndBack();
      // Sentinels begin no second failover within twice their time for one.
      await sleep(6_500);
    }
    clearInterval(load);
    await expect
      .poll(() => logger.stats(), { timeout: 60_000, interval: 200 })
      .toMatchObject({ accepted, written: accepted, pending: 0, spooled: 0, unconfirmed: 0, dropped: {} });
    const redis = connectTo(group.master.url);
    const { ids, streamed } = await readStored(redis);
    expect(ids.size).toBe(accepted);
    expect(repeated('the stream', streamed)).toEqual([]);
    expect(new Set(streamed).size).toBe(accepted);
    redis.disconnect();
  },
  60_000 + FAILOVERS * 40_000,
);
