import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { log_info, withContext } from '../index.js';
import { logRequests } from './http.js';
import { listen, openSocket, readUntil } from './testing/loopback.js';
import { portOf, useNodeServers } from './testing/node-server.js';

const servers = useNodeServers();

describe('an entry of node:http', () => {
  test('has the request and its response', async () => {
    const url = await servers.serve((_, response) => response.writeHead(201).end('grüße'));
    const answer = await fetch(`${url}/users/7?sort=name&token=s3cret`, {
      headers: { 'user-agent': 'test/1', referer: 'https://example.com/from', traceparent: TRACEPARENT },
    });
    expect(await answer.text()).toBe('grüße');
    const entry = await servers.nextRequest();
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
    const url = await servers.serve((request, response) => {
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
    expect(await servers.nextRequest()).toMatchObject({ request_id: 'req-1', data: { bytes_received: 1 } });
    const logged = servers.recorder.filter({ kind: 'log' });
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
      const socket = await openSocket(portOf(await servers.start(server)));
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n');
      await servers.recorder.waitFor({ message: 'waiting' });
      socket.write('x');
      const expected = { trace_id: ids.traceId, span_id: ids.spanId };
      const { request_id } = await servers.nextRequest();
      expect(servers.recorder.find({ kind: 'request' })).toMatchObject(expected);
      expect(servers.recorder.find({ message: 'data' })).toMatchObject({ ...expected, request_id });
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
    await fetch(await servers.start(server), { method: 'POST', body: 'abc' });
    await servers.recorder.waitFor({ user_id: 'inner' });
    expect(
      servers.recorder.entries.map(({ user_id, bytes_sent, data }) => [
        user_id,
        bytes_sent,
        data?.bytes_received,
      ]),
    ).toEqual([
      ['outer', 4, 3],
      ['inner', 4, 3],
    ]);
  });

  test('has nothing of another request of its connection', async () => {
    const url = await servers.serve((request, response) => {
      const user_id = request.url === '/1' ? 'alice' : undefined;
      withContext({ user_id }, () => setTimeout(() => response.end(request.url), 5));
    });
    const socket = await openSocket(portOf(url));
    socket.write([1, 2].map((n) => `GET /${n} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
    await readUntil(socket, '/2');
    socket.write('GET /3 HTTP/1.1\r\nHost:\r\n\r\n');
    const last = await servers.recorder.waitFor({ path: '/3' });
    expect(last.proxy_hostname).toBeUndefined();
    expect(new Set(servers.recorder.entries.map(({ request_id }) => request_id)).size).toBe(3);
    expect(servers.recorder.filter(({ user_id }) => user_id !== undefined)).toEqual([]);
  });

  test.each(['', 'a b', 'x'.repeat(129), 'ä', "';--"])('takes no x-request-id like %j', async (id) => {
    const url = await servers.serve((_, response) => response.end());
    const socket = await openSocket(portOf(url));
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: ${id}\r\n\r\n`);
    const [, sent] = /x-request-id: (.*)\r\n/i.exec(await readUntil(socket, '\r\n\r\n')) ?? [];
    expect((await servers.nextRequest()).request_id).toBe(sent);
    expect(sent).toMatch(/^[\da-f-]{36}$/);
  });

  test('comes when a streamed response has ended, with all its bytes', async () => {
    const url = await servers.serve(async (_, response) => {
      for (let i = 0; i < 3; i++) {
        response.write(Buffer.alloc(1_000));
        await sleep(5);
        expect(servers.recorder.entries).toHaveLength(0);
      }
      response.end('end');
    });
    await (await fetch(url)).arrayBuffer();
    expect(await servers.nextRequest()).toMatchObject({ status_code: 200, bytes_sent: 3_003 });
  });

  test.each([
    ['HEAD', 200],
    ['GET', 304],
    ['GET', 204],
  ])('of %s with %i has no bytes, whatever the handler writes', async (method, status) => {
    const url = await servers.serve((_, response) => response.writeHead(status).end('not sent'));
    await fetch(url, { method });
    expect(await servers.nextRequest()).toMatchObject({ method, status_code: status, bytes_sent: 0 });
  });

  test('is written for each request of one connection, also of requests sent at once', async () => {
    const url = await servers.serve(async (request, response) => {
      await sleep(request.url === '/1' ? 20 : 0);
      response.end(request.url);
    });
    const socket = await openSocket(portOf(url));
    socket.write([1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\nHost: a.example\r\n\r\n`).join(''));
    await readUntil(socket, '/3');
    await servers.recorder.waitFor({ path: '/3' });
    expect(servers.recorder.entries.map(({ path, bytes_sent }) => [path, bytes_sent])).toEqual([
      ['/1', 2],
      ['/2', 2],
      ['/3', 2],
    ]);
  });

  test('counts the bytes of a body in pieces, which the handler gets whole', async () => {
    let received = '';
    const url = await servers.serve(async (request, response) => {
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
    expect((await servers.nextRequest()).data).toEqual({ bytes_received: 7 });
  });

  test.each([
    ['http://elsewhere.example/x?y=1', '/x?y=1'],
    ['http://elsewhere.example', '/'],
    ['*', '*'],
  ])('of the target %s has the path %s', async (target, path) => {
    const url = await servers.serve((_, response) => response.end());
    const socket = await openSocket(portOf(url));
    socket.write(`OPTIONS ${target} HTTP/1.1\r\nHost: a.example\r\n\r\n`);
    expect((await servers.nextRequest()).path).toBe(path);
  });

  test.each([
    ['API.Example.com:8080', 'api.example.com'],
    ['[2001:DB8::1]:80', '2001:db8::1'],
    ['a..b', undefined],
    ['<script>', undefined],
    ['x'.repeat(300), undefined],
    ['', undefined],
  ])('to the host %s has the name %s', async (host, name) => {
    const url = await servers.serve((_, response) => response.end());
    (await openSocket(portOf(url))).write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect((await servers.nextRequest()).proxy_hostname).toBe(name);
  });

  test('has no name the service does not answer to', async () => {
    const url = await servers.serve((_, response) => response.end(), {
      hostnames: ['*.example.com', 'example.com'],
    });
    const socket = await openSocket(portOf(url));
    for (const host of ['example.com', 'a.example.com', 'evil-example.com', 'evil.test']) {
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    }
    const names = ['example.com', 'a.example.com', undefined, undefined];
    await servers.recorder.waitFor(() => servers.recorder.entries.length === names.length);
    expect(servers.recorder.entries.map(({ proxy_hostname }) => proxy_hostname)).toEqual(names);
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
  const entry = await servers.recorder.waitFor({ path: '/x?a=1' });
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
  expect(await servers.recorder.waitFor({ path: '/hang' })).toMatchObject({
    status_code: 499,
    data: { aborted: true },
  });
  client.close();
  server.close();
});

/** The example of the recommendation itself. */
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
