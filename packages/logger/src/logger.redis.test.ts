import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeEntry, decodeStreamEntry, type Entry } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, it } from 'vitest';
import { Logger } from './logger.js';
import type { LoggerError, LoggerOptions } from './logger-options.js';

const LINE = { method: 'GET', path: '/users/1', client_ip: '192.0.2.1', proxy_hostname: 'api.example.com' };

describe.each(TEST_ENGINES)('Logger on $name', ({ start }) => {
  const engine = useEngine(start);

  function setUp(options: Partial<LoggerOptions> = {}) {
    const keyPrefix = engine.newKeyPrefix();
    const errors: LoggerError[] = [];
    const onError = (error: LoggerError) => void errors.push(error);
    const logger = new Logger({ redis: engine.url, keyPrefix, onError, ...options });
    return { logger, keyPrefix, errors };
  }

  async function stored(keyPrefix: string): Promise<Entry[]> {
    const { redis } = engine;
    const keys = await redis.keys(`${keyPrefix}*`);
    const ids = keys.filter((key) => /^(req|log):/.test(key.slice(keyPrefix.length)));
    const entries = await Promise.all(ids.map(async (id) => decodeEntry(id, await redis.hgetall(id))));
    return entries.filter((entry) => entry !== undefined).sort((a, b) => a.timestamp - b.timestamp);
  }

  it('stores each call as an entry that reads back as it was given', async () => {
    const { logger, keyPrefix } = setUp();
    const longText = 'Überlänge '.repeat(40);
    logger.log('WARNING', 'disk nearly full', {
      component: 'monitor',
      objects: ['vm-1'],
      text: longText,
      n: 0.1,
    });
    await logger.close();
    const [entry] = await stored(keyPrefix);
    expect(entry).toMatchObject({
      kind: 'log',
      level: 'WARNING',
      component: 'monitor',
      message: 'disk nearly full',
      objects: ['vm-1'],
      data: { text: longText, n: 0.1 },
    });
    const [[, fields] = ['', []]] = await engine.redis.xrange(`${keyPrefix}stream:requests`, '-', '+');
    expect(decodeStreamEntry(fields[1] as string)).toEqual(entry);
  });

  it('lets an INFO entry give way to a request whose fields name AUDIT, and no AUDIT request to an ERROR', async () => {
    const { logger, keyPrefix } = setUp({ maxQueueEntries: 1 });
    logger.log('INFO', 'gives way');
    logger.request(LINE, { status_code: 200, level: 'AUDIT' });
    logger.log('ERROR', 'finds no room');
    const { written, dropped } = await logger.close();
    expect({ written, dropped }).toEqual({ written: 2, dropped: { queue_full: 2 } });
    const entries = (await stored(keyPrefix)).filter(({ event }) => event !== 'tailrace.dropped');
    expect(entries.map(({ level, path }) => ({ level, path }))).toEqual([
      { level: 'AUDIT', path: '/users/1' },
    ]);
  });

  it('counts each entry once, whenever the deadline of close() comes', async () => {
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-close-'));
    try {
      for (let round = 0; round < 60; round++) {
        const { logger } = setUp({ spoolDir });
        for (let n = 0; n < 600; n++) logger.log('INFO', `entry ${n}`);
        void logger.flush();
        await sleep(round % 13);
        const { accepted, written, pending, spooled, dropped } = await logger.close(round % 3);
        expect({ pending, sum: written + spooled, dropped }).toEqual({
          pending: 0,
          sum: accepted,
          dropped: {},
        });
      }
    } finally {
      await rm(spoolDir, { recursive: true });
    }
  }, 30_000);

  it('joins log_request and log_response of one trace id into one entry', async () => {
    const { logger, keyPrefix } = setUp();
    logger.request(LINE, { trace_id: 't-1', user_id: 'u-1' });
    expect(logger.stats()).toMatchObject({ accepted: 1, pending: 1 });
    logger.response(404, 45.3, { trace_id: 't-1', bytes_sent: 10 });
    logger.request(LINE, { status_code: 200 });
    logger.request(LINE);
    logger.response(500, 1, { trace_id: 'nobody' });
    const { accepted, written } = await logger.close();
    expect({ accepted, written }).toEqual({ accepted: 4, written: 4 });
    const entries = await stored(keyPrefix);
    expect(entries.map(({ status_code }) => status_code).sort()).toEqual([200, 404, 500, undefined]);
    expect(entries.find(({ status_code }) => status_code === 404)).toMatchObject({
      kind: 'request',
      level: 'WARNING',
      message: 'GET /users/1 404',
      client_ip: '192.0.2.1',
      response_time_ms: 45.3,
      user_id: 'u-1',
      bytes_sent: 10,
    });
  });

  it('logs a request that never gets its response when it is closed', async () => {
    const { logger, keyPrefix } = setUp();
    logger.request(LINE, { trace_id: 't-1' });
    expect(await logger.close()).toMatchObject({ accepted: 1, written: 1, complete: true });
    expect(await stored(keyPrefix)).toHaveLength(1);
  });

  it('leaves out what is below its level, and never AUDIT', async () => {
    const { logger, keyPrefix } = setUp({ level: 'CRITICAL' });
    for (const level of ['TRACE', 'INFO', 'ERROR', 'CRITICAL', 'AUDIT'] as const) logger.log(level, level);
    await logger.close();
    expect((await stored(keyPrefix)).map(({ level }) => level).sort()).toEqual(['AUDIT', 'CRITICAL']);
  });

  it('sends nothing until flushed, the interval is over, or a batch is full', async () => {
    const { logger } = setUp({ flushIntervalMs: 60_000, maxBatchEntries: 10 });
    for (let i = 0; i < 9; i++) logger.log('INFO', 'waits');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(logger.stats()).toMatchObject({ written: 0, pending: 9 });
    logger.log('INFO', 'fills the batch');
    await expect.poll(() => logger.stats().written).toBe(10);
    logger.log('INFO', 'flushed');
    await logger.flush();
    expect(logger.stats()).toMatchObject({ accepted: 11, written: 11, pending: 0 });
    await logger.close();
  });

  it('counts what its queue cannot hold, and accepted = written + pending + dropped at every moment', async () => {
    const { logger, keyPrefix, errors } = setUp({ maxQueueEntries: 100 });
    for (let i = 0; i < 1_000; i++) {
      logger.log('INFO', `entry ${i}`);
      const { accepted, written, pending, dropped } = logger.stats();
      expect(written + pending + (dropped.queue_full ?? 0)).toBe(accepted);
    }
    const result = await logger.close();
    expect(result).toMatchObject({ accepted: 1_001, written: 101, pending: 0, dropped: { queue_full: 900 } });
    expect(await stored(keyPrefix)).toHaveLength(101);
    expect(errors.map(({ code }) => code)).toContain('queue_full');
  });

  it('refuses an entry older than its retention or more than a day ahead, and counts it', async () => {
    const { logger, keyPrefix } = setUp();
    const day = 86_400_000;
    logger.log('INFO', 'old', { timestamp: Date.now() - 8 * day });
    logger.log('ERROR', 'old, but kept 30 days', { timestamp: Date.now() - 8 * day });
    logger.log('INFO', 'future', { timestamp: Date.now() + 2 * day });
    expect(await logger.close()).toMatchObject({
      written: 3,
      dropped: { entry_too_old: 1, entry_in_future: 1 },
    });
    const messages = (await stored(keyPrefix)).map(({ message }) => message);
    expect(messages.filter((message) => !message?.includes('dropped'))).toEqual(['old, but kept 30 days']);
    expect(messages.filter((message) => message?.includes('dropped')).sort()).toEqual([
      expect.stringMatching(/^1 entry dropped, entry_in_future, [\d:]+-[\d:]+$/),
      expect.stringMatching(/^1 entry dropped, entry_too_old, [\d:]+-[\d:]+$/),
    ]);
  });

  it('closes once, and counts calls after that as dropped', async () => {
    const { logger } = setUp();
    logger.log('INFO', 'before');
    const first = logger.close();
    expect(logger.close()).toBe(first);
    await first;
    logger.log('INFO', 'after');
    expect(logger.stats()).toMatchObject({ accepted: 2, written: 1, pending: 0, dropped: { closed: 1 } });
  });

  it('writes everything else when a key of another type is in the way, and says so', async () => {
    const { redis } = engine;
    const { logger, keyPrefix, errors } = setUp();
    const foreign = `${keyPrefix}idx:req:component:poisoned`;
    await redis.set(foreign, 'not a sorted set');
    for (const component of ['a', 'poisoned', 'b']) logger.log('INFO', 'hello', { component });
    expect(await logger.close()).toMatchObject({ written: 3, complete: true });
    expect(await stored(keyPrefix)).toHaveLength(3);
    expect(await redis.zcard(`${keyPrefix}idx:req:component:b`)).toBe(1);
    expect(errors.map(({ code }) => code)).toContain('index_failed');
    expect(await redis.ttl(foreign)).toBe(-1);
  });

  it('keeps entries while the server does not know the script, and writes them once it does', async () => {
    const { logger, keyPrefix } = setUp();
    logger.log('INFO', 'first');
    await logger.flush();
    await engine.redis.script('FLUSH');
    logger.log('INFO', 'second');
    await logger.close();
    expect((await stored(keyPrefix)).map(({ message }) => message).sort()).toEqual(['first', 'second']);
  });

  it('gives every key it writes but the storage version a time to live, again after somebody removed the keys', async () => {
    const { redis } = engine;
    const { logger, keyPrefix } = setUp();
    for (let round = 0; round < 2; round++) {
      logger.request(LINE, { status_code: 500, response_time_ms: 2_000 });
      await logger.flush();
      const keys = await redis.keys(`${keyPrefix}*`);
      const withoutTtl = [];
      for (const key of keys) if ((await redis.ttl(key)) <= 0) withoutTtl.push(key);
      expect(keys).toHaveLength(19);
      expect(withoutTtl).toEqual([`${keyPrefix}settings:storage`]);
      await redis.del(...keys);
    }
    await logger.close();
  });
});
