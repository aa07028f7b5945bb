import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { afterAll, expect } from 'vitest';
import { discrepancies, readStored, repeated } from './testing/discrepancies.js';
import { quietPort } from './testing/quiet-port.js';
import { connectTo } from './testing/stored-keys.js';
import { testUnless } from './testing/test-unless.js';
import { mountTinyDisk } from './testing/tiny-disk.js';
import { makeWriterPlace } from './testing/writer-process.js';

const COUNT = 5_000;
const disk = hasRedisServer ? mountTinyDisk('256k') : undefined;
const largerDisk = hasRedisServer ? mountTinyDisk('1m') : undefined;
afterAll(() => {
  disk?.remove();
  largerDisk?.remove();
});

const absence = hasRedisServer ? 'no tmpfs can be mounted' : 'no redis-server on PATH';

testUnless(disk === undefined ? absence : undefined)(
  'with Redis away and the disk of the spool full, nothing is lost while the queue has room',
  async () => {
    const place = await makeWriterPlace(join(disk?.path ?? '', 'spool'));
    const server = await startRedisServer({ port: quietPort() });
    await server.stop();
    const writer = place.start(server.url, { count: COUNT, rate: COUNT / 2, end: 'close' });
    while ((await place.ledger()).length < COUNT / 2) await sleep(20);
    expect((await place.spoolFiles()).length).toBeGreaterThan(0);
    const again = await startRedisServer({ port: server.port });
    const redis = connectTo(again.url);
    try {
      expect(await writer.result()).toMatchObject({ accepted: COUNT, written: COUNT, dropped: {} });
      expect(await discrepancies(redis, await place.ledger())).toEqual([]);
    } finally {
      redis.disconnect();
      await again.stop();
      await place.remove();
    }
  },
);

testUnless(largerDisk === undefined ? absence : undefined)(
  'with the disk and the queue full, the lowest levels give way in the files, and no ERROR and no AUDIT is lost',
  async () => {
    const place = await makeWriterPlace(join(largerDisk?.path ?? '', 'spool'));
    const server = await startRedisServer({ port: quietPort() });
    await server.stop();
    // The files take about 4,000 entries, the queue as many: of ERROR and AUDIT there are 5,400.
    const writer = place.start(server.url, {
      count: 20_000,
      rate: 2_500,
      end: 'close',
      options: { maxQueueEntries: 4_000 },
    });
    await writer.logged();
    const again = await startRedisServer({ port: server.port });
    const redis = connectTo(again.url);
    try {
      const { accepted, written, dropped } = await writer.result();
      const { ids, streamed } = await readStored(redis);
      const ledger = (await place.ledger()).map(({ key }) => key);
      const logged = new Set(ledger);
      expect(ledger.filter(isHigh).filter((key) => !ids.has(key))).toEqual([]);
      expect(repeated('the stream', streamed)).toEqual([]);
      expect([...ids.keys()].filter((key) => !logged.has(key))).toEqual([]);
      expect(new Set(streamed)).toEqual(new Set(ids.keys()));
      const lost = ledger.length - ids.size;
      expect(Object.keys(dropped).sort()).toEqual(['queue_full', 'spool_full']);
      expect(Object.values(dropped).reduce((sum, count) => sum + count, 0)).toBe(lost);
      expect(accepted).toBe(written + lost);
    } finally {
      redis.disconnect();
      await again.stop();
      await place.remove();
    }
  },
);

/** Whether the writer process logs it as ERROR or AUDIT. */
function isHigh(key: string): boolean {
  const number = Number(key.split('-')[1]);
  return number % 50 === 49 || number % 4 === 3;
}
