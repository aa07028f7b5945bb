import { KeyConflictError, type LogReader, type Tail } from '@tailrace/query';
import { describe, expect, test } from 'vitest';
import { errorOf, NOW, openApp } from '../testing/open-app.js';

describe('query parameters', () => {
  test.each([
    ['/logs?level=loud', 'level', 'level is "loud": must be one of TRACE, DEBUG'],
    ['/logs?min_level=', 'min_level', 'min_level is "": must be one of'],
    ['/logs?status=999', 'status', 'status is "999": must be a status from 100 to 599'],
    ['/logs?data.a..b=1', 'data.a..b', 'must be data. and names with dots between them'],
    ['/logs?data.a=>x', 'data.a', 'data.a is ">x": must have a number behind < or >'],
    ['/logs/stream?data.a.=1', 'data.a.', 'must be data. and names'],
    ['/logs?limit=-1', 'limit', 'limit is "-1": must be at least 1'],
    ['/logs?limit=0', 'limit', 'limit is "0": must be at least 1'],
    ['/logs?limit=1001', 'limit', 'limit is "1001": must be at most 1000'],
    ['/logs?limit=ten', 'limit', 'limit is "ten": must be a whole number'],
    ['/logs?limit=1.5', 'limit', 'limit is "1.5": must be a whole number'],
    ['/logs?hours=0', 'hours', 'hours is "0": must be more than 0'],
    ['/logs?hours=1e9', 'hours', 'hours is "1e9": must be at most'],
    ['/logs?hours=1&from=0', 'hours', 'must not be given together with from'],
    ['/logs?from=2024-01-15', 'from', 'must be ISO 8601 with an offset'],
    ['/logs?from=2&to=1', 'from', 'must not be later than to'],
    ['/logs?cursor=abc', 'cursor', 'must be a next_cursor'],
    ['/logs?min_ms=2&max_ms=1', 'min_ms', 'must not be more than max_ms'],
    ['/logs?outcome=maybe', 'outcome', 'outcome is "maybe": must be success or failure'],
    ['/logs?ip=1.2.3', 'ip', 'ip is "1.2.3": must be an IPv4 or IPv6 address'],
    ['/logs?ip=192.0.2.0/33', 'ip', 'or a range of them such as 192.0.2.0/24'],
    ['/logs?status!=teapot', 'status!', 'status! is "teapot": must be a status from 100 to 599'],
    ['/logs?status=404,', 'status', 'status is "404,": must be a status from 100 to 599'],
    ['/logs?user=a&user=', 'user', 'user is ["a",""]: must not be empty'],
    ['/logs?event=a*b', 'event', 'or the start of one with * at its end'],
    ['/logs?method=a%20b', 'method', 'must be an HTTP method such as GET'],
    ['/logs?min_ms=', 'min_ms', 'min_ms is "": must be a number of milliseconds'],
    ['/logs?max_ms=fast', 'max_ms', 'must be a number of milliseconds'],
    ['/logs?min_ms=1&min_ms=2', 'min_ms', 'given more than once'],
    ['/logs?hours=', 'hours', 'hours is "": must be more than 0'],
    ['/logs?from=2024-02-30T00:00:00Z', 'from', 'must be ISO 8601 with an offset'],
    ['/logs?from=2024-01-15T10:31:00Z', 'from', 'must not be later than now (2024-01-15T10:30:00.000Z)'],
    ['/logs/ip/999.1.1.1', 'ip', 'ip is "999.1.1.1": must be an IPv4 or IPv6 address'],
    ['/logs/ip/192.0.2.1?ip=192.0.2.2', 'ip', `must not differ from the path's "192.0.2.1"`],
    ['/logs/search?limit=1&limit=2', 'limit', 'given more than once'],
    [
      '/logs?ips=192.0.2.1',
      'ips',
      '"ips" is no parameter here; allowed: hours, from, to, limit, cursor, ip,',
    ],
    ['/logs/errors?__proto__=1', '__proto__', 'is no parameter here'],
    ['/logs/entry/a?x=1', 'x', 'is no parameter here; allowed: none'],
    ['/logs/stream?hours=1', 'hours', 'is no parameter here; allowed: ip,'],
    ['/logs/stream?after=yesterday', 'after', 'must be the id of an earlier event'],
    ['/logs?level=%00%1b[31m%C2%9b', 'level', String.raw`level is "\u0000\u001b[31m\u009b": must be`],
    ['/logs/user/%zz', 'path', 'is not percent-encoded UTF-8'],
    ['/logs/user/%ff', 'path', 'is not percent-encoded UTF-8'],
  ])('%s is a 400 about %s', async (path, field, message) => {
    const { app, searched } = openApp();
    const error = await errorOf(await app.request(path));
    expect(error).toMatchObject({ status: 400, code: 'invalid_parameter', field });
    expect(error.message).toContain(message);
    expect(searched).toEqual([]);
  });

  test('a long value is shown shortened', async () => {
    const error = await errorOf(await openApp().app.request(`/logs?q=${'x'.repeat(2_000)}`));
    expect(error.message).toBe(`q is "${'x'.repeat(79)}…: must be at most 1024 characters`);
  });

  test('a query is understood and shown as it was understood', async () => {
    const { app, searched } = openApp();
    const response = await app.request(
      '/logs/ip/::ffff:192.0.2.1?hours=0.5&limit=7&status=4xx&level=warn&ip=192.0.2.1',
    );
    expect(await response.json()).toEqual({
      query: {
        from: '2024-01-15T10:00:00.000Z',
        to: '2024-01-15T10:30:00.000Z',
        limit: 7,
        ip: '192.0.2.1',
        status: '400-499',
        level: 'WARNING',
      },
      logs: [],
      count: 0,
      total: 0,
      next_cursor: null,
      partial: false,
    });
    expect(searched[0]).toMatchObject({
      filter: { ip: '192.0.2.1', status: { from: 400, to: 499 }, level: 'WARNING' },
      window: { from: NOW - 1_800_000, to: NOW },
      limit: 7,
    });
  });

  test.each([
    ['/logs/host/A.example', { fqdn: 'a.example' }],
    ['/logs/proxy/a.example', { host: 'a.example' }],
    ['/logs/user/a%2Fb%2525', { user: 'a/b%25' }],
    ['/logs/session/%F0%9F%98%80', { session: '\u{1f600}' }],
    ['/logs/client/c1', { client: 'c1' }],
    ['/logs/trace/t1', { trace: 't1' }],
    ['/logs/search?q=a+b', { q: 'a b' }],
    [
      '/logs?status!=404,5xx',
      {
        'status!': [
          { from: 404, to: 404 },
          { from: 500, to: 599 },
        ],
      },
    ],
    ['/logs?user=a&user=b&host!=C.example', { user: ['a', 'b'], 'host!': 'c.example' }],
    ['/logs?ip=2001:DB8:1::/32&level=warn,audit', { ip: '2001:db8::/32', level: ['WARNING', 'AUDIT'] }],
  ])('%s is the filter %o', async (path, filter) => {
    const { app, searched } = openApp();
    expect((await app.request(path)).status).toBe(200);
    expect(searched[0]?.filter).toEqual(filter);
  });
});

describe('every reply', () => {
  test('has a request id, and is neither stored nor sniffed', async () => {
    const { app } = openApp();
    for (const path of ['/logs', '/nothing', '/logs?limit=x', '/health', '/logs/stream']) {
      const { headers } = await app.request(path);
      expect(headers.get('x-request-id'), path).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('cache-control'), path).toBe('no-store');
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
    }
  });

  test("keeps the caller's request id where that is short and plain", async () => {
    const idFor = async (id: string) =>
      (await openApp().app.request('/health', { headers: { 'x-request-id': id } })).headers.get(
        'x-request-id',
      );
    expect(await idFor('abc-1.2:3')).toBe('abc-1.2:3');
    expect(await idFor('a b')).not.toBe('a b');
    expect(await idFor('x'.repeat(129))).not.toBe('x'.repeat(129));
  });

  test('to an unknown path is a 404', async () => {
    const error = await errorOf(await openApp().app.request('/log%0As'));
    expect(error).toMatchObject({
      status: 404,
      code: 'not_found',
      message: String.raw`there is nothing at "/log\ns"`,
    });
  });

  test('to another method is a 405 that says what is allowed', async () => {
    const { app } = openApp();
    const response = await app.request('/logs', { method: 'PUT' });
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST, DELETE');
    expect(await errorOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect((await app.request('/logs/test')).headers.get('allow')).toBe('POST');
  });

  test('to another host name than this machine is a 403', async () => {
    const { app } = openApp();
    const ask = (host: string) => app.request('/logs', { headers: { host } });
    expect(await errorOf(await ask('evil.example'))).toMatchObject({
      status: 403,
      code: 'forbidden',
      field: 'host',
    });
    expect((await ask('127.0.0.1.evil.example:4680')).status).toBe(403);
    for (const host of ['localhost:4680', '127.0.0.1', '[::1]:80'])
      expect((await ask(host)).status).toBe(200);
    for (const host of ['logs.example', 'LOGS.example.:4680']) {
      expect((await ask(host)).status).toBe(403);
      for (const allowedHosts of [['logs.example'], ['*']]) {
        const { status } = await openApp({ allowedHosts }).app.request('/logs', { headers: { host } });
        expect(status).toBe(200);
      }
    }
  });
});

describe('when something fails', () => {
  const failing = (error: Error): LogReader => ({
    search: () => Promise.reject(error),
    entry: () => Promise.reject(error),
  });

  test('a 500 carries nothing of it, and it is reported', async () => {
    const { app, reported } = openApp({ reader: failing(new TypeError('secret detail')) });
    const response = await app.request('/logs');
    expect(await response.clone().text()).not.toContain('secret');
    expect(await errorOf(response)).toMatchObject({ status: 500, code: 'internal' });
    expect(reported.join()).toContain('secret detail');
  });

  test.each([
    new Error('Connection is closed.'),
    new Error('Command timed out'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    new Error('LOADING Redis is loading the dataset in memory'),
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  ])('%s means the store is away', async (error) => {
    const { app } = openApp({ reader: failing(error) });
    const reply = await errorOf(await app.request('/logs/entry/a'));
    expect(reply).toMatchObject({ status: 503, code: 'store_unavailable' });
    expect(reply.message).not.toContain(error.message);
  });

  test('a mistake of ours in writing is a 500, and no store is blamed', async () => {
    const write = () => Promise.reject(new RangeError('Maximum call stack size exceeded'));
    const { app, post, reported } = openApp({ writer: { write, close: async () => {} } });
    expect(await errorOf(await post('{}'))).toMatchObject({ status: 500, code: 'internal' });
    expect((await app.request('/logs/test', { method: 'POST' })).status).toBe(500);
    expect(reported.join()).toContain('Maximum call stack');
  });

  test('a key of somebody else in the way is a 409 that names it', async () => {
    const delivery = () => Promise.reject(new KeyConflictError('writers', 'zset', new Error('WRONGTYPE')));
    const { app, reported } = openApp({ delivery });
    const error = await errorOf(await app.request('/logs/delivery'));
    expect(error).toMatchObject({ status: 409, code: 'key_conflict' });
    expect(error.message).toContain('the key "writers" holds something of another program; allowed: a zset');
    expect(reported).toEqual([]);
  });

  test('writing and health say so as well', async () => {
    const away = () => Promise.reject(new Error('Connection is closed.'));
    const { app, post } = openApp({
      writer: { write: away, close: async () => {} },
      engine: { name: 'Redis 7', embedded: false, redisUrl: null, ping: away, eviction: away },
    });
    expect(await errorOf(await post('{}'))).toMatchObject({ status: 503, code: 'store_unavailable' });
    expect((await app.request('/logs/test', { method: 'POST' })).status).toBe(503);
    const health = await app.request('/health');
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ status: 'unavailable', engine: 'Redis 7', redis_url: null });
  });

  test('a follow that cannot begin is a 503 and not an empty stream', async () => {
    const tail: Tail = {
      follow: () => Promise.reject(new Error('Connection is closed.')),
      followers: 0,
      close() {},
    };
    expect(await errorOf(await openApp({ tail }).app.request('/logs/stream'))).toMatchObject({ status: 503 });
  });
});
