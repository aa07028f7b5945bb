import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { requestId } from 'hono/request-id';
import { streamSSE, streamText } from 'hono/streaming';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { log_info } from '../index.js';
import { createRecorder, type Recorder } from '../testing.js';
import { type HonoLoggingOptions, logRequests } from './hono.js';
import { openSocket, readUntil } from './testing/loopback.js';

interface TestEnv {
  readonly Variables: { readonly user?: string };
}

let recorder: Recorder;
let server: ServerType | undefined;

beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => {
  recorder.stop();
  (server as { closeAllConnections?: () => void } | undefined)?.closeAllConnections?.();
  server?.close();
  server = undefined;
});

function createApp(options?: HonoLoggingOptions<TestEnv>): Hono<TestEnv> {
  const app = new Hono<TestEnv>();
  app.use(logRequests(options));
  app.use('/api/*', (_, next) => next());
  app.post('/users/:id', async (c) => {
    const body = await c.req.text();
    log_info('in the handler');
    c.set('user', c.req.param('id'));
    return c.text(body.toUpperCase());
  });
  app.get('/raw', () => new Response('raw'));
  app.get('/empty', (c) => c.body(null, 204));
  app.get('/broken', () => {
    throw new TypeError('broken');
  });
  app.get('/thrown-text', () => {
    throw 'only a text';
  });
  app.get('/forbidden', () => {
    throw new HTTPException(403, { message: 'no' });
  });
  app.onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text('failed', 500)));
  app.get('/text', (c) =>
    streamText(c, async (stream) => {
      for (let i = 0; i < 3; i++) {
        await stream.write('part');
        await stream.sleep(5);
      }
    }),
  );
  app.get('/events', (c) =>
    streamSSE(c, async (stream) => {
      await stream.writeSSE({ data: 'one' });
      await stream.sleep(60_000);
    }),
  );
  app.get('/slow', async (c) => {
    log_info('waiting');
    await sleep(50);
    return c.text('late');
  });
  return app;
}

/** Port of the app on Node's server. */
async function listen(app: Hono<TestEnv>): Promise<number> {
  server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const nextRequest = () => recorder.waitFor({ kind: 'request' });

describe('on Node', () => {
  const start = async (options?: HonoLoggingOptions<TestEnv>) =>
    `http://127.0.0.1:${await listen(createApp(options))}`;

  test('a request of Hono is one entry, and shares its ids with what its handler logs', async () => {
    const url = await start({ fields: (c) => ({ user_id: c.get('user') }) });
    const answer = await fetch(`${url}/users/7?x=1`, { method: 'POST', body: 'body' });
    expect(await answer.text()).toBe('BODY');
    const entry = await nextRequest();
    expect(entry).toMatchObject({
      method: 'POST',
      path: '/users/7?x=1',
      route: '/users/:id',
      status_code: 200,
      bytes_sent: 4,
      client_ip: '127.0.0.1',
      proxy_hostname: '127.0.0.1',
      user_id: '7',
      request_id: answer.headers.get('x-request-id'),
      data: { bytes_received: 4 },
    });
    expect(recorder.find({ message: 'in the handler' })?.request_id).toBe(entry.request_id);
  });

  test.each([
    ['GET', '/raw', 200, 3],
    ['HEAD', '/raw', 200, 0],
    ['GET', '/empty', 204, 0],
    ['GET', '/text', 200, 12],
  ])('%s %s is a %i of %i bytes', async (method, path, status_code, bytes_sent) => {
    const answer = await fetch(`${await start()}${path}`, { method });
    await answer.text();
    expect(await nextRequest()).toMatchObject({ method, status_code, bytes_sent });
    expect(answer.headers.get('x-request-id')).toBe(recorder.entries[0]?.request_id);
  });

  test('a thrown error is in the entry of its 500, and that of a refusal is not', async () => {
    const url = await start();
    await fetch(`${url}/broken`);
    expect(await nextRequest()).toMatchObject({
      status_code: 500,
      error: { type: 'TypeError', message: 'broken' },
    });
    await fetch(`${url}/forbidden`);
    const refused = await recorder.waitFor({ status_code: 403 });
    expect(refused.error).toBeUndefined();
  });

  test('what is thrown and no Error is in the entry of its 500', async () => {
    await fetch(`${await start()}/thrown-text`);
    expect(await nextRequest()).toMatchObject({ status_code: 500, error: { message: 'only a text' } });
  });

  test.each(['/nothing', '/api/nothing'])('%s has no route', async (path) => {
    await fetch((await start()) + path);
    const entry = await nextRequest();
    expect(entry.status_code).toBe(404);
    expect(entry.route).toBeUndefined();
  });

  test.each([
    ['/slow', 499, 'failure'],
    ['/events', 200, undefined],
  ])('a client that leaves %s has aborted', async (path, status, outcome) => {
    const socket = await openSocket(await listen(createApp()));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await (path === '/slow' ? recorder.waitFor({ message: 'waiting' }) : readUntil(socket, 'one'));
    socket.destroy();
    const entry = await nextRequest();
    expect(entry).toMatchObject({ status_code: status, data: { aborted: true } });
    expect(entry.outcome).toBe(outcome);
  });

  test("Hono's own request id is taken", async () => {
    const app = new Hono<TestEnv>();
    app.use(requestId({ generator: () => 'from-hono' }));
    app.use(logRequests());
    app.get('/', (c) => c.text(String(c.var)));
    const answer = await fetch(`http://127.0.0.1:${await listen(app)}/`);
    expect(answer.headers.get('x-request-id')).toBe('from-hono');
    expect((await nextRequest()).request_id).toBe('from-hono');
  });
});

test('an upgrade is one entry with 101', async () => {
  const app = new Hono<TestEnv>();
  app.use(logRequests());
  app.get('/live', (c) => c.body(null));
  const port = await listen(app);
  server?.on('upgrade', async (incoming, socket) => {
    // What the WebSocket support of @hono/node-server does: it asks the app, then answers on the socket.
    const response = await app.fetch(new Request(`http://a${incoming.url}`), {
      incoming,
      outgoing: undefined,
    });
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nx-request-id: ${response.headers.get('x-request-id')}\r\n\r\n`,
    );
  });
  const socket = await openSocket(port);
  socket.write('GET /live HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
  const head = await readUntil(socket, '\r\n\r\n');
  const entry = await nextRequest();
  expect(entry).toMatchObject({ path: '/live', route: '/live', status_code: 101, client_ip: '127.0.0.1' });
  expect(head).toContain(`x-request-id: ${entry.request_id}`);
  socket.destroy();
});

describe('without a Node server', () => {
  test('a request is one entry when its body has ended', async () => {
    const app = createApp({ peerAddress: () => '192.0.2.7' });
    const answer = await app.request('http://shop.example.com/text?token=abc');
    expect(recorder.filter({ kind: 'request' })).toHaveLength(0);
    expect(await answer.text()).toBe('partpartpart');
    expect(await nextRequest()).toMatchObject({
      path: '/text?token=[redacted]',
      proxy_hostname: 'shop.example.com',
      client_ip: '192.0.2.7',
      bytes_sent: 12,
      request_id: answer.headers.get('x-request-id'),
    });
  });

  test('what is thrown and no Error is in its entry, and is thrown on', async () => {
    await expect(createApp().request('/thrown-text')).rejects.toBe('only a text');
    expect(await nextRequest()).toMatchObject({
      status_code: 500,
      outcome: 'failure',
      error: { message: 'only a text' },
    });
  });

  test('a request without an address has none', async () => {
    await (await createApp().request('/raw')).text();
    expect((await nextRequest()).client_ip).toBeUndefined();
  });

  test('an answer that is not read to its end was aborted', async () => {
    const answer = await createApp().request('/events');
    await answer.body?.cancel();
    expect(await nextRequest()).toMatchObject({ status_code: 200, data: { aborted: true } });
  });
});
