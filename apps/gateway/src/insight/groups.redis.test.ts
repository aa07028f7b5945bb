import type { AnalyticsReply, ErrorGroupMarkReply, ErrorGroupsReply, PatternsReply } from '@tailrace/api';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, readConfig, startGateway } from '../index.js';

const ENGINES = [
  { name: 'embedded', start: async () => ({ url: '', stop: async () => {} }) },
  ...(hasRedisServer ? [{ name: 'redis-server', start: () => startRedisServer() }] : []),
];
const HOUR = 3_600_000;
const WEEK = 168 * HOUR;

describe.each(ENGINES)('on $name', ({ start }) => {
  let engine: Awaited<ReturnType<typeof start>>;
  let gateway: Gateway;

  beforeAll(async () => {
    engine = await start();
    gateway = await startGateway(
      readConfig({
        PORT: '0',
        ENGINE_PORT: '0',
        DATA_DIR: '',
        REDIS_URL: engine.url,
        KEY_PREFIX: 'gr:',
        LOG_RETENTION_DAYS: 'requests=30',
      }),
      () => {},
    );
    const now = Date.now();
    const failure = (i: number, timestamp: number) => ({
      level: 'ERROR',
      component: 'db',
      message: `query ${i} failed`,
      user_id: `u${i % 3}`,
      timestamp,
      error: {
        type: 'DatabaseError',
        message: `query ${i} failed`,
        stack: 'x\n    at runQuery (/srv/app/db.js:7:3)',
      },
    });
    const entries = [
      ...Array.from({ length: 30 }, (_, i) => failure(i, now - 60_000)),
      ...Array.from({ length: 5 }, (_, i) => ({
        method: 'GET',
        path: `/users/${i}`,
        status_code: 500,
        timestamp: now - 50_000,
      })),
      { method: 'GET', path: '/users/9', status_code: 500, timestamp: now - 3 * HOUR },
      ...Array.from({ length: 7 }, (_, i) => ({
        method: 'GET',
        path: `/users/${i}`,
        status_code: 200,
        timestamp: now - WEEK - 60_000,
      })),
      ...Array.from({ length: 4 }, (_, i) => ({ message: `cache miss ${i}`, timestamp: now - 2 * HOUR - i })),
    ];
    await fetch(`${gateway.url}/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(entries),
    });
  });
  afterAll(async () => {
    await gateway.close();
    await engine.stop();
  });

  const get = async <Reply>(path: string) => (await (await fetch(gateway.url + path)).json()) as Reply;

  test('errors are grouped; what was seen in the hours before is known', async () => {
    const { groups, exact, entries } = await get<ErrorGroupsReply>('/logs/error-groups?hours=1');
    expect({ exact, entries }).toEqual({ exact: true, entries: 35 });
    expect(
      groups.map(({ state, count, code, message, users, frames }) => ({
        state,
        count,
        code,
        message,
        users,
        frames,
      })),
    ).toEqual([
      {
        state: 'new',
        count: 30,
        code: null,
        message: 'query <number> failed',
        users: 3,
        frames: ['runQuery (db.js)'],
      },
      { state: 'known', count: 5, code: '500', message: 'GET /users/:number', users: 0, frames: [] },
    ]);
    const ofDb = await get<ErrorGroupsReply>('/logs/error-groups?hours=1&component=db&baseline=0');
    expect(ofDb).toMatchObject({ total: 1, baseline_from: null });
  });

  test('figures stand beside those of the week before', async () => {
    const reply = await get<AnalyticsReply>('/api/analytics?hours=1');
    expect(reply.volume.entries).toEqual({ now: 35, before: 7, change: 4 });
    expect(reply.volume.requests).toEqual({ now: 5, before: 7, change: 5 / 7 - 1 });
    expect(reply.rates.error_rate).toEqual({ now: 1, before: 0, change: null });
    expect(reply.response_times.p50_ms).toEqual({ now: null, before: null, change: null });
    expect(reply.top.paths).toEqual([{ value: 'GET:/users/:number', count: 5, before: 7 }]);
    expect(reply.new_errors).toMatchObject([{ count: 30, message: 'query <number> failed' }]);
    const stats = await get<{ entries: { total: number } }>('/api/logs/stats?hours=1');
    expect(stats.entries.total).toBe(35);
  });

  test('patterns are counted, and compared with the hours before', async () => {
    const { patterns } = await get<PatternsReply>('/logs/patterns?hours=1');
    expect(patterns.map(({ state, count, before, pattern }) => [state, count, before, pattern])).toEqual([
      ['new', 30, 0, 'query <number> failed'],
      ['usual', 5, 1, 'GET /users/:number 500'],
      ['gone', 0, 4, 'cache miss <number>'],
    ]);
    const gone = await get<PatternsReply>('/logs/patterns?hours=1&show=gone');
    expect(gone.patterns).toMatchObject([{ state: 'gone', last_seen: null }]);
  });

  test('a group is resolved, regressed when it is seen again, muted, and known', async () => {
    const listed = async (query = '') =>
      (await get<ErrorGroupsReply>(`/logs/error-groups?hours=1${query}`)).groups;
    const fingerprint =
      (await listed()).find(({ message }) => message.startsWith('query'))?.fingerprint ?? '';
    const ask = async (method: string, body?: object, of = fingerprint) => {
      const reply = await fetch(`${gateway.url}/logs/error-groups/${of}`, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      return (await reply.json()) as ErrorGroupMarkReply & { error?: { message: string } };
    };
    const stateNow = async () => (await listed()).find((one) => one.fingerprint === fingerprint);

    const { mark } = await ask('PUT', { state: 'resolved', release: '2.0', reason: 'fixed' });
    expect(mark).toMatchObject({ state: 'resolved', release: '2.0', reason: 'fixed', until: null });
    expect(await stateNow()).toMatchObject({ state: 'resolved', mark, regressions: 0 });
    expect((await listed()).at(-1)?.fingerprint).toBe(fingerprint);

    const failAgain = (release: string) =>
      fetch(`${gateway.url}/logs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          level: 'ERROR',
          component: 'later',
          message: 'query 77 failed',
          data: { release },
          error: {
            type: 'DatabaseError',
            message: 'query 77 failed',
            stack: 'x\n    at runQuery (/srv/app/db.js:7:3)',
          },
        }),
      });
    await failAgain('1.9');
    expect(await stateNow()).toMatchObject({ state: 'resolved', count: 31 });
    await failAgain('2.0');
    expect(await stateNow()).toMatchObject({ state: 'regressed', regressions: 1, count: 32 });
    expect((await listed('&show=regressed')).map((one) => one.fingerprint)).toEqual([fingerprint]);
    expect((await listed())[0]?.fingerprint).toBe(fingerprint);

    await ask('PUT', { state: 'muted', for: '1h' });
    expect(await stateNow()).toMatchObject({ state: 'muted', mark: { state: 'muted', release: null } });
    await ask('PUT', { state: 'known' });
    expect(await stateNow()).toMatchObject({ state: 'known' });
    expect(await ask('DELETE')).toEqual({ fingerprint, mark: null });
    expect(await stateNow()).toMatchObject({ state: 'new', mark: null });

    expect((await ask('PUT', { state: 'known', for: '1h' })).error?.message).toContain('for');
    expect((await ask('PUT', { state: 'fixed' })).error?.message).toContain('known, resolved, muted');
    expect((await ask('PUT', { state: 'known' }, 'x')).error?.message).toContain('16 hexadecimal digits');
  });
});
