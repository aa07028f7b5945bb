import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@tailrace/logger/internal';
import { hasRedisServer } from '@tailrace/test-engines';
import { onTestFinished } from 'vitest';
import { startGatewayProcess } from './testing/gateway-process.js';
import { createRandom } from './testing/random.js';
import { startSentinelGroup } from './testing/sentinel-group.js';
import { printedSeed, seriesLength } from './testing/series.js';
import { expectEachOnce, expectFollowed, followAll, startSteadyLoad } from './testing/steady-load.js';
import { readContents } from './testing/store-contents.js';
import { connectTo } from './testing/stored-keys.js';
import { testUnless } from './testing/test-unless.js';

const FAILOVERS = seriesLength(10);
/** Sentinels begin no second failover within twice their time for one. */
const REST_MS = 6_500;

const needsRedis = testUnless(hasRedisServer ? undefined : 'no redis-server on PATH');

needsRedis(
  `masters of a Sentinel group killed under load (${FAILOVERS}), each coming back as replica: each entry is stored once, and followed once`,
  async () => {
    const random = createRandom(printedSeed('Sentinel failovers'));
    const group = await startSentinelGroup();
    const gateway = await startGatewayProcess({ REDIS_URL: group.url });
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
    const logger = new Logger({ redis: group.url, spoolDir, streamMaxLength: 1_000_000, onError: () => {} });
    onTestFinished(async () => {
      await logger.close(0);
      await gateway.stop();
      await group.stop();
      await rm(spoolDir, { recursive: true });
    });
    const follower = await followAll(gateway.url);
    onTestFinished(() => follower.leave());

    const load = startSteadyLoad(logger, random);
    for (let i = 0; i < FAILOVERS; i++) {
      await sleep(random() * 2_000);
      await group.failOverAndBack();
      await sleep(REST_MS);
    }
    const accepted = await load.stop();

    await expectEachOnce(logger, accepted, async () => {
      const redis = connectTo((await group.master()).url);
      try {
        return await readContents(redis);
      } finally {
        redis.disconnect();
      }
    });
    await expectFollowed(follower, accepted);
    process.stdout.write(
      `Sentinel failovers: ${accepted} entries, ${logger.stats().retries} retries, ${follower.ids.length} followed, ${follower.gaps()} gaps\n`,
    );
  },
  60_000 + FAILOVERS * 40_000,
);
