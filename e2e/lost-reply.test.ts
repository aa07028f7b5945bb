import { Logger } from '@tailrace/logger/internal';
import { Keyspace } from '@tailrace/schema';
import type { RunningEngine } from '@tailrace/test-engines';
import { createEntryWriter } from '@tailrace/writer';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { describeOnEachEngine } from './testing/engines.js';
import { type LossyProxy, startLossyProxy } from './testing/lossy-proxy.js';
import { connectTo, readCounts, readEntries, readStream, scanKeys } from './testing/stored-keys.js';

/** More than one call of the batch script takes. */
const ENTRIES = 900;

describeOnEachEngine('a batch whose reply is lost is sent again and found once', (engine) => {
  const keyspace = new Keyspace();
  const timestamp = Date.now();
  let running: RunningEngine;
  let proxy: LossyProxy;
  let redis: Redis;

  beforeAll(async () => {
    running = await engine.start();
    proxy = await startLossyProxy(running.url);
    redis = connectTo(running.url);
  });
  afterAll(async () => {
    await proxy?.close();
    redis?.disconnect();
    await running?.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
  });

  const entryNumber = (i: number) => ({
    timestamp,
    method: 'GET',
    path: `/${i}`,
    client_ip: '198.51.100.9',
    status_code: 200,
    request_id: `request-${i}`,
  });
  const wanted = Array.from({ length: ENTRIES }, (_, i) => `request-${i}`).sort();

  async function expectEachOnce(): Promise<void> {
    const keys = (await scanKeys(redis)).map(({ key }) => key);
    const ids = keys.filter((key) => key.startsWith('req:'));
    const entries = await readEntries(redis, ids);
    expect(entries.map((entry) => entry.request_id).sort()).toEqual(wanted);
    const streamed = await readStream(redis, keyspace.stream());
    expect(streamed.map((entry) => entry.request_id).sort()).toEqual(wanted);
    expect((await redis.zrange('idx:req:ip:198.51.100.9', '0', '-1')).sort()).toEqual(ids.sort());
    const statistics = await readCounts(redis, keyspace.requestStats(timestamp));
    expect(Object.fromEntries(statistics)).toEqual({
      total: ENTRIES,
      level_INFO: ENTRIES,
      status_200: ENTRIES,
    });
    const [writer = ''] = keys.filter((key) => key.startsWith('writers:'));
    expect((await readCounts(redis, writer)).get('written')).toBe(ENTRIES);
  }

  test.each(['disconnect', 'silence'] as const)('by the logger, after %s', async (loss) => {
    const logger = new Logger({
      redis: proxy.url,
      maxBatchEntries: ENTRIES,
      commandTimeoutMs: 500,
      onError: () => {},
    });
    const lostBefore = proxy.lost;
    proxy.loseReplyTo('EVALSHA', loss);
    for (let i = 0; i < ENTRIES; i++) {
      const { method, path, client_ip, ...fields } = entryNumber(i);
      logger.request({ method, path, client_ip, proxy_hostname: 'api.example.com' }, fields);
    }
    await logger.flush();
    expect(proxy.lost).toBeGreaterThan(lostBefore);
    expect(await logger.close()).toMatchObject({ written: ENTRIES, pending: 0, dropped: {}, retries: 1 });
    await expectEachOnce();
  });

  test('the next batch leaves without waiting for a reply that does not come', async () => {
    const logger = new Logger({
      redis: proxy.url,
      spoolDir: false,
      commandTimeoutMs: 600_000,
      onError: () => {},
    });
    proxy.loseReplyTo('EVALSHA', 'silence');
    for (const message of ['first', 'second']) {
      logger.log('INFO', message);
      await vi.waitFor(async () => expect(await streamedMessages()).toContain(message), { timeout: 10_000 });
    }
    expect(logger.stats()).toMatchObject({ accepted: 2, written: 0, pending: 2 });
    expect(await logger.close(10)).toMatchObject({ written: 0, dropped: { exit: 2 }, complete: false });
    expect(await streamedMessages()).toEqual(['first', 'second']);
  });

  async function streamedMessages(): Promise<string[]> {
    return (await readStream(redis, keyspace.stream())).map(({ message }) => message);
  }

  test('by the writer of an ingest endpoint', async () => {
    const writer = createEntryWriter({ redis: proxy.url, onError: () => {} });
    const lostBefore = proxy.lost;
    proxy.loseReplyTo('EVALSHA', 'disconnect');
    const results = await writer.write(Array.from({ length: ENTRIES }, (_, i) => entryNumber(i)));
    expect(proxy.lost).toBeGreaterThan(lostBefore);
    await writer.close();
    expect(new Set(results.map((result) => ('id' in result ? result.id : undefined))).size).toBe(ENTRIES);
    await expectEachOnce();
  });
});
