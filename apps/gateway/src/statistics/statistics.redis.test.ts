import {
  clearProgressSchema,
  eventsReplySchema,
  histogramReplySchema,
  logsReplySchema,
  statsReplySchema,
  topReplySchema,
} from '@tailrace/api';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, readConfig, startGateway } from '../index.js';

/** Slow, and each with an event; the last ones failed. */
const ENTRIES = Array.from({ length: 300 }, (_, i) => ({
  timestamp: Date.now() - i,
  method: 'GET',
  path: `/users/${i}`,
  status_code: i < 30 ? 500 : 200,
  response_time_ms: 1000 + i,
  bytes_sent: 10,
  client_ip: `198.51.100.${i % 20}`,
  proxy_hostname: i % 3 === 0 ? 'a.example' : 'b.example',
  event: 'order.paid',
}));

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await startGateway(
      readConfig({ PORT: '0', REDIS_URL: engine.url, KEY_PREFIX: 'gw:' }),
      () => {},
    );
  });
  afterAll(() => gateway?.close());
  beforeEach(async () => {
    await clear();
    await post(ENTRIES);
  });

  const post = async (entries: object) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(entries);
    expect((await fetch(`${gateway.url}/logs`, { method: 'POST', headers, body })).status).toBe(200);
  };
  const get = async (path: string) => (await fetch(gateway.url + path)).json();
  const clear = async (query = '') => {
    const response = await fetch(`${gateway.url}/logs${query}`, { method: 'DELETE' });
    const lines = (await response.text()).trimEnd().split('\n');
    return clearProgressSchema.parse(JSON.parse(lines.at(-1) ?? ''));
  };

  test('figures are those of what was posted', async () => {
    const stats = statsReplySchema.parse(await get('/logs/stats'));
    expect(stats.requests).toMatchObject({ total: 300, errors: 30, error_rate: 0.1, exact: true });
    expect(stats.entries).toMatchObject({ total: 300, bytes_sent: 3000, by_level: { ERROR: 30, INFO: 270 } });
    expect(stats.response_times).toMatchObject({ count: 300, p50_ms: 1149, p99_ms: 1296 });
    expect(stats.unique_visitors.count).toBe(20);
    const ofHost = statsReplySchema.parse(await get('/logs/stats?host=a.example'));
    expect(ofHost.requests.total).toBe(100);
    const events = eventsReplySchema.parse(await get('/logs/events'));
    expect(events.events).toEqual([{ event: 'order.paid', count: 300 }]);
    const top = topReplySchema.parse(await get('/logs/top?by=path'));
    expect(top.top).toEqual([{ value: 'GET:/users/:number', count: 300 }]);
    const histogram = histogramReplySchema.parse(await get('/logs/histogram?split=status&buckets=5'));
    expect(histogram.total).toBe(300);
    expect(histogram.buckets.at(-1)?.by).toEqual({ '2xx': 270, '5xx': 30 });
  });

  test('/logs/slow goes on by its cursor, and knows the slowest', async () => {
    const first = logsReplySchema.parse(await get('/logs/slow?threshold=1199&limit=60'));
    expect(first.logs.map((entry) => entry.response_time_ms)).toEqual(
      Array.from({ length: 60 }, (_, i) => 1259 - i),
    );
    const next = logsReplySchema.parse(
      await get(`/logs/slow?threshold=1199&limit=60&cursor=${first.next_cursor}`),
    );
    expect([next.count, next.next_cursor]).toEqual([40, null]);
    const slowest = logsReplySchema.parse(await get('/logs/slow?order=slowest&limit=2'));
    expect(slowest.logs.map((entry) => entry.response_time_ms)).toEqual([1299, 1298]);
  });

  test('after DELETE /logs the log data is gone, and what is written then expires as it should', async () => {
    const { redis } = engine;
    await redis.set('gw:mine', 'x');
    await redis.set('log:1:app:abcdefgh', 'of another prefix');
    expect(await clear()).toEqual({ removed: 300, done: true });
    expect((await redis.keys('*')).filter((key) => !/^gw:(writers(:|$)|settings:)/.test(key)).sort()).toEqual(
      ['gw:mine', 'log:1:app:abcdefgh'],
    );
    await post(ENTRIES.slice(0, 10));
    const keys = await redis.keys('gw:*');
    expect(keys.filter((key) => key.startsWith('gw:idx:'))).not.toEqual([]);
    for (const key of keys.filter((key) => key !== 'gw:mine' && key !== 'gw:settings:storage')) {
      expect(await redis.ttl(key), key).toBeGreaterThan(0);
    }
    expect(logsReplySchema.parse(await get('/logs')).count).toBe(10);
    await redis.del('gw:mine', 'log:1:app:abcdefgh');
  });

  test('DELETE /logs by filter removes the matches, and indexes made empty get an expiry again', async () => {
    const { redis } = engine;
    expect(await clear('?ip=198.51.100.7')).toEqual({ removed: 15, done: true });
    expect(await redis.exists('gw:idx:req:ip:198.51.100.7')).toBe(0);
    expect(logsReplySchema.parse(await get('/logs?limit=1000')).count).toBe(285);
    await post(ENTRIES.slice(0, 20));
    expect(await redis.ttl('gw:idx:req:ip:198.51.100.7')).toBeGreaterThan(0);
    expect(await clear(`?before=${ENTRIES[99]?.timestamp}`)).toMatchObject({ done: true });
    expect(logsReplySchema.parse(await get('/logs?limit=1000')).logs[0]?.timestamp).toBe(
      new Date(ENTRIES[99]?.timestamp ?? 0).toISOString(),
    );
  });
});
