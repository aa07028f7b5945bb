import { deliveryReplySchema, levelTableSchema } from '@tailrace/api';
import { Logger } from '@tailrace/logger/internal';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, readConfig, startGateway } from '../index.js';

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

  const open = (options: object = {}) =>
    new Logger({ redis: engine.url, keyPrefix: 'gw:', spoolDir: false, onError: () => {}, ...options });
  const delivery = async () =>
    deliveryReplySchema.parse(await (await fetch(`${gateway.url}/logs/delivery`)).json());
  const levels = async (method: string, table?: unknown) =>
    fetch(`${gateway.url}/logs/levels`, {
      method,
      ...(table !== undefined && {
        body: JSON.stringify(table),
        headers: { 'content-type': 'application/json' },
      }),
    });

  test('every writer is there with what became of its entries', async () => {
    expect((await delivery()).writers).toEqual([]);
    const loggers = [open(), open()];
    const counts = [3, 1_000];
    loggers.forEach((logger, i) => {
      for (let k = 0; k < (counts[i] ?? 0); k++) logger.log('INFO', `m${k}`);
    });
    await Promise.all(loggers.map((logger) => logger.close()));
    const { writers, totals, partial } = await delivery();
    expect(writers.map(({ accepted }) => accepted).sort((a, b) => a - b)).toEqual(counts);
    for (const writer of writers) {
      expect(writer).toMatchObject({ written: writer.accepted, dropped: {}, lag: 0, pid: process.pid });
    }
    expect(totals).toEqual({ writers: 2, accepted: 1_003, written: 1_003, dropped: {}, lag: 0 });
    expect(partial).toBe(false);
  });

  test('what was dropped or waits is told', async () => {
    const { redis } = engine;
    const id = 'w'.repeat(12);
    await redis.zadd('gw:writers', Date.now() + 1_000, id);
    await redis.hset(`gw:writers:${id}`, {
      last_seen: Date.now(),
      accepted: 10,
      written: 5,
      dropped_queue_full: 2,
      dropped_exit: 1,
    });
    const [writer] = (await delivery()).writers;
    expect(writer).toMatchObject({ id, host: null, dropped: { queue_full: 2, exit: 1 }, lag: 2 });
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toContain('tailrace_writers_dropped_entries{reason="queue_full"} 2\n');
    expect(metrics).toContain('tailrace_writers_lag_entries 2\n');
    expect(metrics).toContain(
      'tailrace_http_requests_total{method="GET",route="/logs/delivery",status="200"} ',
    );
  });

  test('a writer goes from the list after seven days, with what it said or without', async () => {
    const { redis } = engine;
    await redis.zadd('gw:writers', Date.now() - 8 * 86_400_000, 'old', Date.now(), 'without-record');
    const logger = open();
    logger.log('INFO', 'm');
    await logger.close();
    expect(await redis.zscore('gw:writers', 'old')).toBeNull();
    expect(await redis.pttl('gw:writers')).toBeGreaterThan(0);
    expect((await delivery()).writers.map(({ id }) => id)).not.toContain('without-record');
  });

  test('another kind of key in the place of the list costs no entry', async () => {
    const { redis } = engine;
    await redis.del('gw:writers');
    await redis.set('gw:writers', 'x');
    const logger = open();
    logger.log('INFO', 'm');
    expect(await logger.close()).toMatchObject({ written: 1, complete: true });
    await redis.del('gw:writers');
  });

  test('levels reach a running logger and leave it again', async () => {
    const logger = open({ level: 'INFO' });
    logger.log('INFO', 'connects');
    await logger.flush();
    expect((await levels('PUT', { components: { 'db.pool': 'debug' } })).status).toBe(200);
    await expect
      .poll(() => logger.getLevels(), { timeout: 3_000 })
      .toMatchObject({
        level: 'INFO',
        levels: { 'db.pool': 'DEBUG' },
      });
    expect((await levels('PUT', { default: 'TRACE' })).status).toBe(200);
    await expect.poll(() => logger.getLevels(), { timeout: 3_000 }).toEqual({ level: 'TRACE', levels: {} });
    expect((await levels('DELETE')).status).toBe(200);
    await expect.poll(() => logger.getLevels(), { timeout: 3_000 }).toEqual({ level: 'INFO', levels: {} });
    await logger.close();
  });

  test('a table nobody understands is reported and changes nothing', async () => {
    const { redis } = engine;
    const reported: string[] = [];
    const logger = open({ onError: ({ code }: { code: string }) => reported.push(code) });
    logger.log('INFO', 'connects');
    await logger.flush();
    await redis.hset('gw:settings:levels', { table: '{"components":{"db":"LOUD"}}' });
    await expect.poll(() => reported, { timeout: 3_000 }).toEqual(['levels_refused']);
    expect(logger.getLevels()).toEqual({ level: 'INFO', levels: {} });
    await logger.close();
    await redis.del('gw:settings:levels');
  });

  test('settings survive a clear', async () => {
    await levels('PUT', { default: 'WARNING' });
    await (await fetch(`${gateway.url}/logs`, { method: 'DELETE' })).text();
    expect(levelTableSchema.parse(await (await levels('GET')).json())).toEqual({
      default: 'WARNING',
      components: {},
    });
    expect((await delivery()).writers.length).toBeGreaterThan(0);
    await levels('DELETE');
  });

  test.each([
    [{ default: 'LOUD' }, 'default is "LOUD": must be one of TRACE'],
    [{ components: { 'db.': 'INFO' } }, 'must be a component: up to 128 characters'],
    [{ components: { '*': 'INFO' } }, 'must be a component'],
    [{ components: { [`${'x'.repeat(129)}`]: 'INFO' } }, 'must be a component'],
    [{ level: 'INFO' }, '"level" is no part of a table; allowed: default, components'],
    [[], 'the body is []; allowed: a table, as a JSON object'],
    [
      { components: Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`c${i}`, 'INFO'])) },
      'must have at most 1000 components',
    ],
  ])('%.60j is no table', async (table, message) => {
    const response = await levels('PUT', table);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { message: string } }).error.message).toContain(message);
  });
});
