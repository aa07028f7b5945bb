import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { afterAll, expect } from 'vitest';
import { discrepancies } from './testing/discrepancies.js';
import { quietPort } from './testing/quiet-port.js';
import { connectTo } from './testing/stored-keys.js';
import { testUnless } from './testing/test-unless.js';
import { mountTinyDisk } from './testing/tiny-disk.js';
import { makeWriterPlace } from './testing/writer-process.js';

const COUNT = 5_000;
const disk = hasRedisServer ? mountTinyDisk('256k') : undefined;
afterAll(() => disk?.remove());

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
