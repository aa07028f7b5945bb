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
/** Twenty seconds of them it writes; the rest is for a busy machine. */
const TIMEOUT_MS = 90_000;

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
      const writer = place.start(proxy.url, { count: COUNT, rate: RATE, end: 'close' });
      expect(await writer.result()).toMatchObject({ accepted: COUNT, written: COUNT, dropped: {} });
      expect(proxy.cuts.request + proxy.cuts.reply).toBe(CUTS);
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
