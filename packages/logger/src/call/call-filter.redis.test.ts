import { decodeEntry, type Entry } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, it } from 'vitest';
import { Logger } from '../logger.js';
import type { LoggerOptions } from '../logger-options.js';
import { withContext } from './context.js';

const LINE = { method: 'GET', path: '/users/1', client_ip: '192.0.2.1', proxy_hostname: 'api.example.com' };

describe.each(TEST_ENGINES)('what goes in, on $name', ({ start }) => {
  const engine = useEngine(start);

  function setUp(options: Partial<LoggerOptions> = {}) {
    const keyPrefix = engine.newKeyPrefix();
    const logger = new Logger({ redis: engine.url, keyPrefix, onError: () => undefined, ...options });
    return { logger, keyPrefix };
  }

  async function stored(keyPrefix: string): Promise<Entry[]> {
    const { redis } = engine;
    const keys = await redis.keys(`${keyPrefix}*`);
    const ids = keys.filter((key) => /^(req|log):/.test(key.slice(keyPrefix.length)));
    const entries = await Promise.all(ids.map(async (id) => decodeEntry(id, await redis.hgetall(id))));
    return entries.filter((entry) => entry !== undefined);
  }

  it("adds the context's fields to each entry, and the call's own win", async () => {
    const { logger, keyPrefix } = setUp();
    const context = { trace_id: 't-1', component: 'auth', tenant: 'a', data: { password: 'hunter2', n: 1 } };
    withContext(context, () => {
      logger.log('INFO', 'one');
      logger.log('INFO', 'two', { component: 'db', data: { n: 2 } });
      logger.event('signed_in', { tenant: 'b' });
    });
    logger.log('INFO', 'outside');
    await logger.close();
    const entries = new Map((await stored(keyPrefix)).map((entry) => [entry.message, entry]));
    const redacted = entries.get('one')?.data?.password;
    expect(redacted).not.toBe('hunter2');
    expect(entries.get('one')).toMatchObject({
      trace_id: 't-1',
      component: 'auth',
      data: { tenant: 'a', n: 1 },
    });
    expect(entries.get('two')).toMatchObject({
      component: 'db',
      data: { tenant: 'a', n: 2, password: redacted },
    });
    expect(entries.get('signed_in')).toMatchObject({ data: { tenant: 'b', n: 1 }, event: 'signed_in' });
    expect(entries.get('outside')).toMatchObject({ component: 'app' });
    expect(entries.get('outside')).not.toHaveProperty('trace_id');
  });

  it("joins request and response by their context's trace, and stores no raw traceparent", async () => {
    const { logger, keyPrefix } = setUp();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    withContext({ traceparent }, () => {
      logger.request(LINE, { user_id: 'u-1' });
      withContext({ tenant: 'a' }, () => logger.response(200, 1));
    });
    logger.request(LINE, { traceparent, status_code: 200 });
    await logger.close();
    const entries = await stored(keyPrefix);
    expect(entries).toHaveLength(2);
    for (const entry of entries)
      expect(entry).toMatchObject({ trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), status_code: 200 });
    expect(entries.find(({ user_id }) => user_id !== undefined)?.data).toEqual({ tenant: 'a' });
    expect(JSON.stringify(entries)).not.toContain('traceparent');
  });

  it('filters by the level of the component, also the one of the context, and survives hostile fields', async () => {
    const { logger, keyPrefix } = setUp({ levels: { db: 'DEBUG', 'db.pool': 'ERROR' } });
    const hostile = {
      get component(): never {
        throw new Error('no');
      },
    };
    logger.log('DEBUG', 'kept', { component: 'db' });
    logger.log('DEBUG', 'left out');
    logger.log('WARNING', 'left out', { component: 'db.pool' });
    logger.log('AUDIT', 'kept', { component: 'db.pool' });
    logger.log('DEBUG', 'left out', hostile);
    logger.log('DEBUG', 'left out', null as unknown as undefined);
    logger.log('WARNING', 'kept', hostile);
    withContext({ component: 'db' }, () => logger.log('DEBUG', 'kept'));
    logger.setLevel('ERROR');
    logger.log('WARNING', 'left out');
    logger.applyRemoteLevels({ level: 'TRACE' });
    logger.log('TRACE', 'kept');
    logger.applyRemoteLevels({});
    logger.log('WARNING', 'left out');
    expect(await logger.close()).toMatchObject({ accepted: 5, written: 5 });
    expect((await stored(keyPrefix)).map(({ message }) => message)).toEqual(Array(5).fill('kept'));
  });

  it('does not touch the fields of a call that no component would log', () => {
    const { logger } = setUp({ levels: { db: 'DEBUG' } });
    let reads = 0;
    const fields = {
      get component() {
        reads++;
        return 'db';
      },
    };
    logger.log('TRACE', 'below all', fields);
    logger.event('event', undefined, fields);
    const before = reads;
    logger.setLevel('ERROR', 'db');
    logger.setLevel('ERROR');
    logger.event('event', undefined, fields);
    logger.log('WARNING', 'below all', fields);
    expect(reads).toBe(before);
    return logger.close();
  });

  it('filters requests by the level of their status, also when it comes later', async () => {
    const { logger, keyPrefix } = setUp({ level: 'WARNING', levels: { static: 'ERROR' } });
    for (const status_code of [200, 404, 500]) logger.request(LINE, { status_code });
    logger.request(LINE, { status_code: 404, component: 'static' });
    for (const trace_id of ['200', '503']) {
      logger.request(LINE, { trace_id });
      logger.response(Number(trace_id), 1, { trace_id });
    }
    const { accepted, written, pending } = await logger.close();
    expect({ accepted, written, pending }).toEqual({ accepted: 3, written: 3, pending: 0 });
    expect((await stored(keyPrefix)).map(({ status_code }) => status_code).sort()).toEqual([404, 500, 503]);
  });

  it('counts what sampling leaves out, keeps a trace whole, and keeps the requests that fail', async () => {
    const { logger, keyPrefix } = setUp({ sampling: [{ rate: 0.5 }] });
    for (let i = 0; i < 100; i++) {
      withContext({ trace_id: `t-${i}` }, () => {
        logger.log('INFO', 'in the trace');
        logger.request(LINE);
        logger.response(200, 1);
        logger.request(LINE, { status_code: 500 });
      });
    }
    const { accepted, written, sampled } = await logger.close();
    expect(accepted).toBe(written);
    expect(accepted + sampled).toBe(300);
    expect(sampled).toBeGreaterThan(0);
    const entries = await stored(keyPrefix);
    const tracesOf = (fits: (entry: Entry) => boolean) =>
      entries
        .filter(fits)
        .map(({ trace_id }) => trace_id)
        .sort();
    expect(tracesOf(({ status_code }) => status_code === 500)).toHaveLength(100);
    expect(tracesOf(({ status_code }) => status_code === 200)).toEqual(
      tracesOf(({ kind }) => kind === 'log'),
    );
  });

  it('folds what repeats into one entry that says how often, and never AUDIT', async () => {
    const { logger, keyPrefix } = setUp({ foldRepeats: { windowMs: 60_000, maxPerWindow: 3 } });
    for (let i = 0; i < 1_000; i++) {
      logger.log('ERROR', new Error('disk full'), { component: 'disk', i });
      logger.log('AUDIT', 'who', { component: 'disk' });
    }
    logger.request(LINE, { status_code: 200 });
    logger.request(LINE, { status_code: 200 });
    const { accepted, written, folded } = await logger.close();
    expect({ accepted, written, folded }).toEqual({ accepted: 1_006, written: 1_006, folded: 997 });
    const told = (await stored(keyPrefix)).filter(({ data }) => data?.folded !== undefined);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      component: 'disk',
      level: 'ERROR',
      message: 'disk full',
      data: { folded: 997, first_at: expect.stringMatching(/Z$/), last_at: expect.stringMatching(/Z$/) },
    });
    logger.log('ERROR', 'disk full');
    expect(logger.stats()).toMatchObject({ accepted: 1_007, folded: 997, dropped: { closed: 1 } });
  });

  it('keeps the whole of an error: type, message, stack, code, causes, and the members of an AggregateError', async () => {
    const { logger, keyPrefix } = setUp();
    const root = Object.assign(new RangeError('root'), { code: 'ERANGE' });
    const members = [new TypeError('first', { cause: root }), 'no error at all', { code: 7 }];
    const aggregate = new AggregateError(members, 'all failed', { cause: new Error('why', { cause: root }) });
    logger.log('ERROR', aggregate);
    logger.log('ERROR', 'given as a field', { error: aggregate });
    await logger.close();
    const entries = await stored(keyPrefix);
    expect(entries).toHaveLength(2);
    for (const { error } of entries) {
      expect(error).toMatchObject({
        type: 'AggregateError',
        message: 'all failed',
        stack: expect.stringContaining('call-filter.redis.test'),
        cause: { message: 'why', cause: { type: 'RangeError', code: 'ERANGE', message: 'root' } },
        errors: [
          { type: 'TypeError', message: 'first', cause: { type: 'RangeError', code: 'ERANGE' } },
          { message: 'no error at all' },
          { message: '{"code":7}' },
        ],
      });
    }
  });
});
