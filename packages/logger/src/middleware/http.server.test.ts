import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Context, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import express from 'express';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { log_info, withContext } from '../index.js';
import { createRecorder, type Recorder } from '../testing.js';
import { type HttpLoggingOptions, logRequests } from './http.js';
import { listen, openSocket, readUntil } from './testing/loopback.js';

let recorder: Recorder;
const servers: Server[] = [];

beforeEach(() => {
  recorder = createRecorder();
});
afterEach(async () => {
  recorder.stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server with one handler behind the middleware; its URL. */
async function serve(handler: RequestListener, options?: HttpLoggingOptions): Promise<string> {
  const logging = logRequests(options);
  const server = createServer((request, response) =>
    logging(request, response, () => handler(request, response)),
  );
  servers.push(server);
  return `http://127.0.0.1:${await listen(server)}`;
}

const portOf = (url: string) => Number(new URL(url).port);
const nextRequest = () => recorder.waitFor({ kind: 'request' });

describe('an entry of node:http', () => {
  test('has the request and its response', async () => {
    const url = await serve((_, response) => response.writeHead(201).end('grüße'));
    const answer = await fetch(`${url}/users/7?sort=name&token=s3cret`, {
      headers: { 'user-agent': 'test/1', referer: 'https://example.com/from', traceparent: TRACEPARENT },
    });
    expect(await answer.text()).toBe('grüße');
    const entry = await nextRequest();
    expect(entry).toMatchObject({
      method: 'GET',
      path: '/users/7?sort=name&token=[redacted]',
      status_code: 201,
      level: 'INFO',
      client_ip: '127.0.0.1',
      proxy_hostname: '127.0.0.1',
      bytes_sent: 7,
      user_agent: 'test/1',
      referrer: 'https://example.com/from',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
      request_id: answer.headers.get('x-request-id'),
    });
    expect(entry).not.toHaveProperty('data');
    expect(entry).not.toHaveProperty('outcome');
    expect(entry.response_time_ms).toBeGreaterThan(0);
  });

  test('shares its ids with everything logged for the request, also where its body is read', async () => {
    const url = await serve((request, response) => {
      log_info('at once');
      request.on('data', () => log_info('data'));
      request.on('end', async () => {
        log_info('end');
        await sleep(1);
        log_info('later');
        response.end();
      });
    });
    await fetch(url, {
      method: 'POST',
      body: 'x',
      headers: { 'x-request-id': 'req-1', traceparent: TRACEPARENT },
    });
    expect(await nextRequest()).toMatchObject({ request_id: 'req-1', data: { bytes_received: 1 } });
    const logged = recorder.filter({ kind: 'log' });
    expect(logged.map(({ message }) => message)).toEqual(['at once', 'data', 'end', 'later']);
    for (const entry of logged) {
      expect(entry).toMatchObject({
        request_id: 'req-1',
        trace_id: '0af7651916cd43dd8448eb211c80319c',
        client_ip: '127.0.0.1',
        proxy_hostname: '127.0.0.1',
      });
    }
  });

  test('belongs to the OpenTelemetry span it came in, also where its body is read', async () => {
    const spans = new AsyncLocalStorage<Context>();
    context.setGlobalContextManager({
      active: () => spans.getStore() ?? ROOT_CONTEXT,
      with: (active, run, self, ...args) => spans.run(active, () => run.apply(self as never, args)),
      bind: (_, target) => target,
      enable: () => context as never,
      disable: () => context as never,
    });
    try {
      const logging = logRequests();
      const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 };
      const server = createServer((request, response) =>
        context.with(trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(ids)), () =>
          logging(request, response, () => {
            log_info('waiting');
            request.on('data', () => log_info('data'));
            request.on('end', () => response.end());
          }),
        ),
      );
      servers.push(server);
      const socket = await openSocket(await listen(server));
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n');
      await recorder.waitFor({ message: 'waiting' });
      socket.write('x');
      const expected = { trace_id: ids.traceId, span_id: ids.spanId };
      const { request_id } = await nextRequest();
      expect(recorder.find({ kind: 'request' })).toMatchObject(expected);
      expect(recorder.find({ message: 'data' })).toMatchObject({ ...expected, request_id });
    } finally {
      context.disable();
    }
  });

  test('is one for each middleware when there are two, each with all bytes', async () => {
    const outer = logRequests({ fields: () => ({ user_id: 'outer' }) });
    const inner = logRequests({ fields: () => ({ user_id: 'inner' }) });
    const server = createServer((request, response) =>
      outer(request, response, () =>
        inner(request, response, () => void request.resume().on('end', () => response.end('four'))),
      ),
    );
    servers.push(server);
    await fetch(`http://127.0.0.1:${await listen(server)}`, { method: 'POST', body: 'abc' });
    await recorder.waitFor({ user_id: 'inner' });
    expect(
      recorder.entries.map(({ user_id, bytes_sent, data }) => [user_id, bytes_sent, data?.bytes_received]),
    ).toEqual([
      ['outer', 4, 3],
      ['inner', 4, 3],
    ]);
  });

  test('has nothing of another request of its connection', async () => {
    const url = await serve((request, response) => {
      const user_id = request.url === '/1' ? 'alice' : undefined;
      withContext({ user_id }, () => setTimeout(() => response.end(request.url), 5));
    });
    const socket = await openSocket(portOf(url));
    socket.write([1, 2].map((n) => `GET /${n} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
    await readUntil(socket, '/2');
    socket.write('GET /3 HTTP/1.1\r\nHost:\r\n\r\n');
    const last = await recorder.waitFor({ path: '/3' });
    expect(last.proxy_hostname).toBeUndefined();
    expect(new Set(recorder.entries.map(({ request_id }) => request_id)).size).toBe(3);
    expect(recorder.filter(({ user_id }) => user_id !== undefined)).toEqual([]);
  });

  test.each(['', 'a b', 'x'.repeat(129), 'ä', "';--"])('takes no x-request-id like %j', async (id) => {
    const url = await serve((_, response) => response.end());
    const socket = await openSocket(portOf(url));
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: ${id}\r\n\r\n`);
    const [, sent] = /x-request-id: (.*)\r\n/i.exec(await readUntil(socket, '\r\n\r\n')) ?? [];
    expect((await nextRequest()).request_id).toBe(sent);
    expect(sent).toMatch(/^[\da-f-]{36}$/);
  });

  test('comes when a streamed response has ended, with all its bytes', async () => {
    const url = await serve(async (_, response) => {
      for (let i = 0; i < 3; i++) {
        response.write(Buffer.alloc(1_000));
        await sleep(5);
        expect(recorder.entries).toHaveLength(0);
      }
      response.end('end');
    });
    await (await fetch(url)).arrayBuffer();
    expect(await nextRequest()).toMatchObject({ status_code: 200, bytes_sent: 3_003 });
  });

  test.each([
    ['HEAD', 200],
    ['GET', 304],
    ['GET', 204],
  ])('of %s with %i has no bytes, whatever the handler writes', async (method, status) => {
    const url = await serve((_, response) => response.writeHead(status).end('not sent'));
    await fetch(url, { method });
    expect(await nextRequest()).toMatchObject({ method, status_code: status, bytes_sent: 0 });
  });

  test('is written for each request of one connection, also of requests sent at once', async () => {
    const url = await serve(async (request, response) => {
      await sleep(request.url === '/1' ? 20 : 0);
      response.end(request.url);
    });
    const socket = await openSocket(portOf(url));
    socket.write([1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\nHost: a.example\r\n\r\n`).join(''));
    await readUntil(socket, '/3');
    await recorder.waitFor({ path: '/3' });
    expect(recorder.entries.map(({ path, bytes_sent }) => [path, bytes_sent])).toEqual([
      ['/1', 2],
      ['/2', 2],
      ['/3', 2],
    ]);
  });

  test('counts the bytes of a body in pieces, which the handler gets whole', async () => {
    let received = '';
    const url = await serve(async (request, response) => {
      for await (const chunk of request) received += chunk;
      response.end();
    });
    const body = async function* () {
      yield new TextEncoder().encode('one ');
      await sleep(5);
      yield new TextEncoder().encode('two');
    };
    await fetch(url, { method: 'PUT', body: body(), duplex: 'half' } as unknown as RequestInit);
    expect(received).toBe('one two');
    expect((await nextRequest()).data).toEqual({ bytes_received: 7 });
  });

  test.each([
    ['http://elsewhere.example/x?y=1', '/x?y=1'],
    ['http://elsewhere.example', '/'],
    ['*', '*'],
  ])('of the target %s has the path %s', async (target, path) => {
    const url = await serve((_, response) => response.end());
    const socket = await openSocket(portOf(url));
    socket.write(`OPTIONS ${target} HTTP/1.1\r\nHost: a.example\r\n\r\n`);
    expect((await nextRequest()).path).toBe(path);
  });

  test.each([
    ['API.Example.com:8080', 'api.example.com'],
    ['[2001:DB8::1]:80', '2001:db8::1'],
    ['a..b', undefined],
    ['<script>', undefined],
    ['x'.repeat(300), undefined],
    ['', undefined],
  ])('to the host %s has the name %s', async (host, name) => {
    const url = await serve((_, response) => response.end());
    (await openSocket(portOf(url))).write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect((await nextRequest()).proxy_hostname).toBe(name);
  });

  test('has no name the service does not answer to', async () => {
    const url = await serve((_, response) => response.end(), { hostnames: ['*.example.com', 'example.com'] });
    const socket = await openSocket(portOf(url));
    for (const host of ['example.com', 'a.example.com', 'evil-example.com', 'evil.test']) {
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    }
    const names = ['example.com', 'a.example.com', undefined, undefined];
    await recorder.waitFor(() => recorder.entries.length === names.length);
    expect(recorder.entries.map(({ proxy_hostname }) => proxy_hostname)).toEqual(names);
  });
});

describe('a request that is not answered in full', () => {
  test('is a 499 when its client left before', async () => {
    const url = await serve(() => log_info('arrived'));
    const socket = await openSocket(portOf(url));
    socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
    await recorder.waitFor({ message: 'arrived' });
    socket.destroy();
    expect(await nextRequest()).toMatchObject({
      status_code: 499,
      level: 'WARNING',
      outcome: 'failure',
      data: { aborted: true },
    });
  });

  test('keeps the status its client has seen', async () => {
    const url = await serve((_, response) => response.write('begin'));
    const socket = await openSocket(portOf(url));
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await readUntil(socket, 'begin');
    socket.destroy();
    const aborted = { status_code: 200, outcome: 'failure', bytes_sent: 5, data: { aborted: true } };
    expect(await nextRequest()).toMatchObject(aborted);
  });

  test('did not fail when it is an event stream', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: x\n\n');
    });
    const socket = await openSocket(portOf(url));
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await readUntil(socket, 'data');
    socket.destroy();
    const entry = await nextRequest();
    expect(entry).toMatchObject({ status_code: 200, data: { aborted: true } });
    expect(entry.outcome).toBeUndefined();
  });

  test('is there when its client left in the middle of its body', async () => {
    const url = await serve((request) => void request.resume().on('error', () => undefined));
    const socket = await openSocket(portOf(url));
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    await sleep(20);
    socket.destroy();
    const data = { aborted: true, bytes_received: 4 };
    expect(await nextRequest()).toMatchObject({ status_code: 499, data });
  });

  test('is there when its turn on the connection never came', async () => {
    const url = await serve(() => undefined);
    const socket = await openSocket(portOf(url));
    socket.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
    await sleep(20);
    socket.destroy();
    await recorder.waitFor({ path: '/1' });
    expect(await recorder.waitFor({ path: '/2' })).toMatchObject({
      status_code: 499,
      data: { aborted: true },
    });
  });

  test('is a 504 when the server gave it up', async () => {
    const url = await serve(() => undefined);
    servers.at(-1)?.setTimeout(30);
    await fetch(url).catch(() => undefined);
    const timedOut = { status_code: 504, level: 'ERROR', outcome: 'failure', data: { timed_out: true } };
    expect(await nextRequest()).toMatchObject(timedOut);
  });

  test('is a 500 with the error when the handler destroyed its response', async () => {
    const url = await serve((_, response) => void response.destroy(new Error('disk gone')));
    await fetch(url).catch(() => undefined);
    const entry = await nextRequest();
    expect(entry).toMatchObject({ status_code: 500, outcome: 'failure', error: { message: 'disk gone' } });
    expect(entry.data).toBeUndefined();
  });
});

describe('an error', () => {
  test('of an async handler is in the entry, and is thrown on', async () => {
    const logging = logRequests();
    const server = createServer((request, response) => {
      logging(request, response, () => Promise.reject(new Error('no database'))).catch(() =>
        response.writeHead(500).end(),
      );
    });
    servers.push(server);
    await fetch(`http://127.0.0.1:${await listen(server)}`);
    expect(await nextRequest()).toMatchObject({ level: 'ERROR', error: { message: 'no database' } });
  });

  test('of the options hurts nothing', async () => {
    const url = await serve((_, response) => response.end(), {
      skip: () => {
        throw new Error('skip');
      },
      fields: () => {
        throw new Error('no session store');
      },
    });
    expect((await fetch(url)).status).toBe(200);
    expect((await nextRequest()).data).toEqual({ fields_error: 'no session store' });
  });

  test('an async function rejects with as `fields` hurts nothing', async () => {
    const url = await serve((_, response) => response.end(), {
      fields: (async () => Promise.reject(new Error('late'))) as never,
    });
    await fetch(url);
    expect(await nextRequest()).toMatchObject({ status_code: 200 });
  });
});

describe('an upgrade', () => {
  async function serveUpgrade(answer: string): Promise<number> {
    const logging = logRequests();
    const server = createServer();
    server.on('upgrade', (request, socket) =>
      logging.upgrade(request, socket, () => {
        log_info('upgrading');
        if (answer === '') return void socket.destroy();
        socket.write(answer);
        socket.write('HTTP/1.1 500 is only what the other side reads\r\n\r\n');
      }),
    );
    servers.push(server);
    return listen(server);
  }

  const ask = async (port: number) => {
    const socket = await openSocket(port);
    socket.write('GET /live HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
    return socket;
  };

  test.each([
    ['101 Switching Protocols', 101],
    ['401 Unauthorized', 401],
  ])('is one entry, when it is answered with %s', async (line, status) => {
    const socket = await ask(await serveUpgrade(`HTTP/1.1 ${line}\r\n\r\n`));
    expect(await nextRequest()).toMatchObject({ path: '/live', status_code: status });
    const { request_id } = recorder.find({ kind: 'request' }) ?? {};
    expect(recorder.find({ message: 'upgrading' })?.request_id).toBe(request_id);
    await readUntil(socket, 'is only');
    socket.destroy();
    await sleep(10);
    expect(recorder.filter({ kind: 'request' })).toHaveLength(1);
  });

  test('is a 499 when its connection ended before', async () => {
    await ask(await serveUpgrade(''));
    expect(await nextRequest()).toMatchObject({ status_code: 499, outcome: 'failure' });
  });
});

describe('options', () => {
  test('`fields` are asked for when the request is over', async () => {
    const users = new WeakMap<object, string>();
    const url = await serve(
      (request, response) => {
        users.set(request, 'alice');
        response.end();
      },
      { fields: (request) => ({ user_id: users.get(request), session_id: 's-1', plan: 'gold' }) },
    );
    await fetch(url);
    expect(await nextRequest()).toMatchObject({
      user_id: 'alice',
      session_id: 's-1',
      data: { plan: 'gold' },
    });
  });

  test('`skip` and `sample` leave requests out, but no failed one by chance', async () => {
    const url = await serve((request, response) => response.writeHead(Number(request.url?.slice(1))).end(), {
      sample: 0,
      skip: (_, { status_code }) => status_code === 404,
    });
    for (const status of [200, 302, 404, 403, 500]) await fetch(`${url}/${status}`, { redirect: 'manual' });
    await recorder.waitFor({ status_code: 500 });
    expect(recorder.entries.map(({ status_code }) => status_code)).toEqual([403, 500]);
  });

  test('`slowMs` makes a slow request a warning that no sampling leaves out', async () => {
    const url = await serve((_, response) => void setTimeout(() => response.end(), 15), {
      sample: 0,
      slowMs: 10,
    });
    await fetch(url);
    expect(await nextRequest()).toMatchObject({ status_code: 200, level: 'WARNING' });
  });

  test('`captureHeaders` logs the named headers of both sides, secrets redacted', async () => {
    const url = await serve((_, response) => response.setHeader('x-cache', 'hit').end(), {
      captureHeaders: ['Accept-Language', 'Authorization', 'X-Cache', 'X-Missing'],
    });
    const headers = { 'accept-language': 'de', authorization: 'Bearer abcdefghijklmnop', 'x-other': '1' };
    await fetch(url, { headers });
    expect((await nextRequest()).data).toEqual({
      request_headers: { 'accept-language': 'de', authorization: expect.stringContaining('[redacted]') },
      response_headers: { 'x-cache': 'hit' },
    });
  });

  test('`captureBody` logs both bodies, secrets redacted, and changes neither', async () => {
    const url = await serve(
      async (request, response) => {
        const { user } = JSON.parse((await request.toArray()).join(''));
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ user, access_token: 'abc' }));
      },
      { captureBody: 'both' },
    );
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'alice', password: 'hunter2' }),
    });
    expect(await answer.json()).toEqual({ user: 'alice', access_token: 'abc' });
    expect((await nextRequest()).data).toMatchObject({
      request_body: { user: 'alice', password: '[redacted]' },
      response_body: { user: 'alice', access_token: '[redacted]' },
    });
  });

  test.each([
    ['application/json', `{"password":"hunter2${'x'.repeat(100)}"}`, '[122 bytes of application/json]'],
    ['application/json', 'null and void', '[13 bytes of application/json]'],
    ['application/x-www-form-urlencoded', 'a=1&client_secret=xyz', { a: '1', client_secret: '[redacted]' }],
    ['text/plain', 'ä'.repeat(100), `${'ä'.repeat(31)}…`],
    ['image/png', 'xxx', '[3 bytes of image/png]'],
    ['text/plain; charset=utf-8', 'short', 'short'],
  ])('`maxBodyBytes` bounds a body of %s', async (type, body, logged) => {
    const consume: RequestListener = (request, response) =>
      void request.resume().on('end', () => response.end());
    const url = await serve(consume, { captureBody: 'request', maxBodyBytes: 63 });
    await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
    expect((await nextRequest()).data?.request_body).toEqual(logged);
  });

  test('a packed body is no text', async () => {
    const packed = gzipSync('x'.repeat(100));
    const url = await serve(
      (_, response) =>
        response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(packed),
      { captureBody: 'response' },
    );
    expect(await (await fetch(url)).text()).toBe('x'.repeat(100));
    expect((await nextRequest()).data?.response_body).toBe(`[${packed.length} bytes of text/plain]`);
  });
});

test('HTTP/2 has its authority, its bytes and its aborts', async () => {
  const logging = logRequests();
  const server = createHttp2Server((request, response) =>
    logging(request, response, () => {
      if (request.url === '/hang') return;
      request.resume();
      request.on('end', () => response.end('answer'));
    }),
  );
  const client = connectHttp2(`http://127.0.0.1:${await listen(server)}`);
  const post = client.request({ ':method': 'POST', ':path': '/x?a=1', ':authority': 'h2.example.com:8443' });
  post.end('body');
  const [headers] = await once(post, 'response');
  post.resume();
  const entry = await recorder.waitFor({ path: '/x?a=1' });
  expect(entry).toMatchObject({
    method: 'POST',
    status_code: 200,
    client_ip: '127.0.0.1',
    proxy_hostname: 'h2.example.com',
    bytes_sent: 6,
    data: { bytes_received: 4 },
    request_id: headers['x-request-id'],
  });
  expect(entry.data).not.toHaveProperty('aborted');
  const hanging = client.request({ ':path': '/hang' });
  hanging.on('error', () => undefined);
  await sleep(20);
  hanging.close(8);
  expect(await recorder.waitFor({ path: '/hang' })).toMatchObject({
    status_code: 499,
    data: { aborted: true },
  });
  client.close();
  server.close();
});

describe('Express', () => {
  async function serveExpress(): Promise<string> {
    const app = express();
    const logging = logRequests();
    app.use(logging);
    app.use(express.json());
    const users = express.Router();
    users.post('/:name', (request, response) => {
      log_info('in the handler');
      response.json({ hello: request.params.name });
    });
    app.use('/tenants/:id/users', users);
    app.get('/broken', () => {
      throw new TypeError('broken');
    });
    app.use(logging.errors);
    app.use(
      (_: unknown, __: unknown, response: express.Response, ___: unknown) => void response.status(500).end(),
    );
    const server = createServer(app);
    servers.push(server);
    return `http://127.0.0.1:${await listen(server)}`;
  }

  test('has the route with its mount, and the context behind its body parser', async () => {
    const url = await serveExpress();
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
    await fetch(`${url}/tenants/42/users/alice?x=1`, init);
    const entry = await nextRequest();
    expect(entry).toMatchObject({
      path: '/tenants/42/users/alice?x=1',
      route: '/tenants/:number/users/:name',
      bytes_sent: 17,
      data: { bytes_received: 7 },
    });
    expect(recorder.find({ message: 'in the handler' })?.request_id).toBe(entry.request_id);
  });

  test('has the error a handler threw', async () => {
    await fetch(`${await serveExpress()}/broken`);
    const failed = { status_code: 500, route: '/broken', error: { type: 'TypeError', message: 'broken' } };
    expect(await nextRequest()).toMatchObject(failed);
  });

  test('has no route where nothing answers', async () => {
    await fetch(`${await serveExpress()}/wp-login.php`);
    const entry = await nextRequest();
    expect(entry.status_code).toBe(404);
    expect(entry.route).toBeUndefined();
  });
});

/** The example of the recommendation itself. */
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
