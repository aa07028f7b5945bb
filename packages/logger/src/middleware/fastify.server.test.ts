import { PassThrough } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { log_info } from '../index.js';
import { createRecorder, type Recorder } from '../testing.js';
import { type FastifyLoggingOptions, logRequests } from './fastify.js';
import { openSocket, readUntil } from './testing/loopback.js';

let recorder: Recorder;
let app: FastifyInstance;

beforeEach(() => {
  recorder = createRecorder();
});
afterEach(async () => {
  recorder.stop();
  app.server.closeAllConnections();
  await app.close();
});

async function serve(options: FastifyLoggingOptions = {}): Promise<string> {
  app = Fastify();
  app.register(logRequests, options);
  app.post('/users/:id', async (request) => {
    log_info('in the handler');
    return { hello: (request.params as { id: string }).id };
  });
  app.get('/broken', async () => {
    throw new TypeError('broken');
  });
  app.get('/stream', (_, reply) => {
    const body = new PassThrough();
    reply.type('text/plain').send(body);
    body.write('begin');
  });
  return app.listen({ port: 0, host: '127.0.0.1' });
}

const nextRequest = () => recorder.waitFor({ kind: 'request' });
const POST_JSON = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };

test('a request of Fastify is one entry, with the context behind its body parser', async () => {
  const url = await serve({ fields: (request) => ({ user_id: (request.params as { id: string }).id }) });
  const answer = await fetch(`${url}/users/7?x=1`, POST_JSON);
  const entry = await nextRequest();
  expect(entry).toMatchObject({
    method: 'POST',
    path: '/users/7?x=1',
    route: '/users/:id',
    status_code: 200,
    bytes_sent: 13,
    client_ip: '127.0.0.1',
    user_id: '7',
    request_id: answer.headers.get('x-request-id'),
    data: { bytes_received: 7 },
  });
  expect(recorder.find({ message: 'in the handler' })?.request_id).toBe(entry.request_id);
  expect(recorder.filter({ kind: 'request' })).toHaveLength(1);
});

test('an error thrown in Fastify is a 500 with the error', async () => {
  await fetch(`${await serve()}/broken`);
  const failed = { status_code: 500, level: 'ERROR', route: '/broken', error: { type: 'TypeError' } };
  expect(await nextRequest()).toMatchObject(failed);
});

test('a request no route of Fastify answers has none', async () => {
  await fetch(`${await serve()}/wp-login.php`);
  const entry = await nextRequest();
  expect(entry.status_code).toBe(404);
  expect(entry.route).toBeUndefined();
});

test('a client that leaves a stream of Fastify has aborted', async () => {
  const socket = await openSocket(Number(new URL(await serve()).port));
  socket.write('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n');
  await readUntil(socket, 'begin');
  socket.destroy();
  expect(await nextRequest()).toMatchObject({
    status_code: 200,
    outcome: 'failure',
    data: { aborted: true },
  });
});

test('a request injected into Fastify is logged as any', async () => {
  await serve();
  const { payload } = await app.inject({ method: 'POST', url: '/users/7', payload: {} });
  const injected = { path: '/users/7', status_code: 200, bytes_sent: payload.length };
  const entry = await nextRequest();
  expect(entry).toMatchObject(injected);
  expect(entry.outcome).toBeUndefined();
  expect(entry.data).not.toHaveProperty('aborted');
});

test('a wrong option of Fastify fails the start', async () => {
  app = Fastify();
  app.register(logRequests, { sample: 2 });
  await expect(app.ready()).rejects.toThrow('sample is 2; allowed: a number from 0 to 1');
});
