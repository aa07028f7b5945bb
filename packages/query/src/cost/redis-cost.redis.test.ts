import { DAY_MS, DEFAULT_RETENTION_DAYS, type Entry, Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { beforeEach, describe, expect, test } from 'vitest';
import { storeCounters } from '../statistics/testing/store-counters.js';
import { storeEntries } from '../testing/store-entries.js';
import { createRedisCost } from './redis-cost.js';

const NOW = Date.UTC(2024, 0, 15, 12);
const COUNT = 6_000;

/** Three components whose entries differ in size, over six hours. */
function entryAt(i: number): Entry {
  const timestamp = NOW - (i + 1) * 3_600;
  const uid = String(i).padStart(8, '0');
  if (i % 3 > 0) {
    return {
      id: `req:${timestamp}:192.0.2.${i % 50}:${uid}`,
      timestamp,
      kind: 'request',
      level: i % 20 === 1 ? 'WARNING' : 'INFO',
      component: 'http',
      message: `GET /orders/${i}`,
      method: 'GET',
      path: `/orders/${i}`,
      status_code: i % 20 === 1 ? 404 : 200,
      response_time_ms: i % 300,
      client_ip: `192.0.2.${i % 50}`,
      proxy_hostname: 'shop.example',
      session_id: `s-${i}`,
    };
  }
  const isAudit = i % 30 === 0;
  return {
    id: `log:${timestamp}:${isAudit ? 'billing' : 'worker'}:${uid}`,
    timestamp,
    kind: 'log',
    level: isAudit ? 'AUDIT' : 'INFO',
    component: isAudit ? 'billing' : 'worker',
    message: isAudit ? 'x'.repeat(2_000) : 'done',
  };
}

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);
  beforeEach(() => engine.redis.flushall());

  const open = (prefix = '', hotHours?: number) =>
    createRedisCost({
      shards: [{ redis: engine.redis, keyspace: new Keyspace({ prefix }) }],
      retentionDays: DEFAULT_RETENTION_DAYS,
      hotHours,
      now: () => NOW,
    });

  /** What the server says of every key that fits. */
  async function bytesOf(pattern: RegExp): Promise<number> {
    const keys = (await engine.redis.keys('*')).filter((key) => pattern.test(key));
    const sizes = await Promise.all(keys.map((key) => engine.redis.memory('USAGE', key)));
    return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  }
  const store = async (prefix = '') => {
    const keyspace = new Keyspace({ prefix });
    const entries = Array.from({ length: COUNT }, (_, i) => entryAt(i)).map((entry) => ({
      ...entry,
      id: prefix + entry.id,
    }));
    for (let i = 0; i < COUNT; i += 1_000) {
      await storeEntries(engine.redis, keyspace, entries.slice(i, i + 1_000), NOW);
    }
    await storeCounters(engine.redis, keyspace, entries);
  };

  test('what is estimated from a sample is near what the server says of every key', async () => {
    await engine.redis.set('mine', 'x'.repeat(5_000_000));
    await store('gw:');
    const cost = await open('gw:')();
    expect(cost.entries).toBe(COUNT);
    expect(cost.sampled).toBeLessThan(600);
    const part = (name: string) => cost.parts.find((one) => one.name === name);
    const isNear = (bytes: number | undefined, truth: number, percent: number) =>
      expect(Math.abs((bytes ?? 0) - truth) / truth, `${bytes} instead of ${truth}`).toBeLessThan(
        percent / 100,
      );
    isNear(part('entries')?.bytes, await bytesOf(/^gw:(req|log):/), 15);
    isNear(part('stream')?.bytes, await bytesOf(/^gw:stream/), 1);
    isNear(part('counters')?.bytes, await bytesOf(/^gw:stats/), 60);
    isNear(part('status')?.bytes, await bytesOf(/^gw:idx:req:status/), 20);
    isNear(part('session')?.bytes, await bytesOf(/^gw:idx:(audit:|errors:)?(req:)?session/), 20);
    isNear(cost.bytes, await bytesOf(/^gw:/), 15);
    expect(cost.usedBytes).toBeGreaterThan(5_000_000);
  });

  test('components and classes have entries with their share of the indexes', async () => {
    await store();
    const cost = await open()();
    const names = cost.components.map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(['http', 'worker', 'billing']));
    expect(names[0]).toBe('http');
    const audit = cost.classes.find(({ name }) => name === 'audit');
    expect(audit?.entries).toBe(COUNT / 30);
    expect(audit?.bytes).toBeGreaterThan((COUNT / 30) * 2_000);
    const sum = (of: readonly { bytes: number }[]) => of.reduce((total, { bytes }) => total + bytes, 0);
    expect(Math.abs(sum(cost.components) - sum(cost.classes))).toBeLessThan(10);
  });

  test('growth is that of the newest day, and the time left is told where there is a bound', async () => {
    expect((await open()()).growth).toMatchObject({ bytesPerDay: null, reason: 'too_young' });
    await store();
    const [, bound = '0'] = (await engine.redis.config('GET', 'maxmemory')) as string[];
    await engine.redis.config('SET', 'maxmemory', '0');
    const { growth, bytes, parts } = await open()();
    expect(growth).toMatchObject({ daysLeft: null, reason: 'no_bound' });
    const indexed = bytes - (parts.find(({ name }) => name === 'stream')?.bytes ?? 0);
    // Six hours of writing.
    expect(growth.bytesPerDay).toBeGreaterThan(indexed * 2.5);
    expect(growth.bytesPerDay).toBeLessThan(indexed * 4.5);
    const used = (await open()()).usedBytes;
    try {
      await engine.redis.config('SET', 'maxmemory', String(used + 2_000_000));
      const filling = (await open()()).growth;
      expect(filling.reason).toBe('fills_up');
      expect(filling.daysLeft).toBeLessThan(2);
      // What leaves after seven hours does not fill it.
      await engine.redis.config('SET', 'maxmemory', String(used + 100_000_000));
      expect((await open('', 7)()).growth).toMatchObject({ daysLeft: null, reason: 'levels_off' });
    } finally {
      await engine.redis.config('SET', 'maxmemory', bound);
    }
  });

  test('entries that have left the indexes of every entry count by their class', async () => {
    const timestamp = NOW - 20 * DAY_MS;
    const old: Entry = { ...entryAt(21), status_code: 500, level: 'ERROR', timestamp };
    await storeEntries(
      engine.redis,
      new Keyspace(),
      [{ ...old, id: `req:${timestamp}:192.0.2.21:abcdefgh`, kind: 'request' }],
      NOW,
    );
    const cost = await open()();
    expect(cost.entries).toBe(1);
    expect(cost.classes).toMatchObject([{ name: 'errors', entries: 1 }]);
  });

  test('an abort ends it', async () => {
    await store();
    await expect(open()({ signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
  });
});
