import { setTimeout as sleep } from 'node:timers/promises';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { expect } from 'vitest';
import { startCuttingProxy } from './testing/cutting-proxy.js';
import { discrepancies } from './testing/discrepancies.js';
import { createRandom } from './testing/random.js';
import { connectTo } from './testing/stored-keys.js';
import { testUnless } from './testing/test-unless.js';
import { makeWriterPlace } from './testing/writer-process.js';

const CUTS = 200;
const RATE = 3_000;
const COUNT = 60_000;
/** Twenty seconds of them it writes at least; the rest is for a busy machine. */
const TIMEOUT_MS = 180_000;
const POLL_MS = 50;

const seed = Number(process.env.CUT_SEED ?? Math.floor(Math.random() * 2 ** 31));

testUnless(hasRedisServer ? undefined : 'no redis-server on PATH')(
  `entries are stored once while the connection is cut ${CUTS} times, in requests and in replies`,
  async () => {
    process.stdout.write(`cuts at random: CUT_SEED=${seed}\n`);
    const place = await makeWriterPlace();
    const server = await startRedisServer();
    const redis = connectTo(server.url);
    const proxy = await startCuttingProxy(server.url, CUTS, createRandom(seed));
    try {
      const writer = place.start(proxy.url, { count: COUNT, rate: RATE, untilTold: true, end: 'close' });
      // Closing waits for no connection that is cut.
      while (proxy.cuts.request + proxy.cuts.reply < CUTS) await sleep(POLL_MS);
      const cutAt = await redis.xlen('stream:requests');
      while ((await redis.xlen('stream:requests')) === cutAt) await sleep(POLL_MS);
      await writer.enough();
      const result = await writer.result();
      expect(result.accepted).toBeGreaterThanOrEqual(COUNT);
      expect(result).toMatchObject({ written: result.accepted, dropped: {} });
      expect(await discrepancies(redis, await place.ledger())).toEqual([]);
      expect(await place.spoolFiles()).toEqual([]);
    } finally {
      await proxy.close();
      redis.disconnect();
      await server.stop();
      await place.remove();
    }
  },
  TIMEOUT_MS,
);
