import { createReader } from '@tailrace/query';
import { type Cursor, DEFAULT_RETENTION_DAYS, type Entry, Keyspace } from '@tailrace/schema';
import type { RunningEngine } from '@tailrace/test-engines';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnEachEngine } from './testing/engines.js';
import { runProcess } from './testing/finished-process.js';
import { readPages } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { testProcessPath } from './testing/repository.js';
import { connectTo } from './testing/stored-keys.js';

const WRITERS = 4;
const COUNT = 5_000;
const SPAN_MS = 3;
const IP = '198.51.100.77';

describeOnEachEngine('4 processes write 5,000 requests each of one client within 3 ms', (engine) => {
  const from = Date.now() - 60_000;
  const wanted = Array.from(
    { length: WRITERS * COUNT },
    (_, i) => `${i % WRITERS}-${Math.floor(i / WRITERS)}`,
  );
  let running: RunningEngine;
  let redis: Redis;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    running = await engine.start();
    redis = connectTo(running.url);
    gateway = await startGatewayProcess({ REDIS_URL: running.url });
    const writers = Array.from({ length: WRITERS }, (_, writer) => {
      const order = { redis: running.url, writer, count: COUNT, from, spanMs: SPAN_MS };
      return runProcess(process.execPath, [testProcessPath('write-burst.mjs'), JSON.stringify(order)], {
        deadlineMs: 100_000,
      });
    });
    for (const { code, stdout, stderr } of await Promise.all(writers)) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toEqual({ written: COUNT, complete: true });
    }
  }, 120_000);
  afterAll(async () => {
    await gateway?.stop();
    redis?.disconnect();
    await running?.stop();
  });

  test('the gateway finds each once, through cursors, in order', async () => {
    const pages = await readPages(gateway.url, `/logs/ip/${IP}`);
    const logs = pages.reverse().flatMap((page) => page.logs);
    expect(logs.map((entry) => entry.request_id).sort()).toEqual([...wanted].sort());
    const times = logs.map((entry) => entry.timestamp);
    expect(times).toEqual([...times].sort());
    expect(pages.every(({ total, partial }) => total === wanted.length && !partial)).toBe(true);
  });

  test('the reader finds each once, whatever the size of its pages', async () => {
    const reader = createReader({
      redis,
      keyspace: new Keyspace(),
      retentionDays: DEFAULT_RETENTION_DAYS,
    });
    const window = { from, to: from + SPAN_MS };
    const found: Entry[] = [];
    let cursor: Cursor | undefined;
    do {
      const page = await reader.search({ filter: { ip: IP }, window, limit: 777, cursor });
      found.push(...page.entries);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found.map((entry) => entry.request_id).sort()).toEqual([...wanted].sort());
    expect(new Set(found.map(({ id }) => id)).size).toBe(wanted.length);
  });

  test('live readers have each once', async () => {
    expect(await redis.xlen(new Keyspace().stream())).toBe(wanted.length);
  });
});
