import { createServer } from 'node:http';
import { connect as connectHttp2, constants, createServer as createHttp2Server } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { log_info } from '../index.js';
import { logRequests } from './http.js';
import { listen, openSocket, readUntil } from './testing/loopback.js';
import { portOf, useNodeServers } from './testing/node-server.js';

const servers = useNodeServers();

describe('a request that is not answered in full', () => {
  test('is a 499 when its client left before', async () => {
    const url = await servers.serve(() => log_info('arrived'));
    const socket = await openSocket(portOf(url));
    socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
    await servers.recorder.waitFor({ message: 'arrived' });
    socket.destroy();
    expect(await servers.nextRequest()).toMatchObject({
      status_code: 499,
      level: 'WARNING',
      outcome: 'failure',
      data: { aborted: true },
    });
  });

  test('keeps the status its client has seen', async () => {
    const url = await servers.serve((_, response) => response.write('begin'));
    const socket = await openSocket(portOf(url));
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await readUntil(socket, 'begin');
    socket.destroy();
    const aborted = { status_code: 200, outcome: 'failure', bytes_sent: 5, data: { aborted: true } };
    expect(await servers.nextRequest()).toMatchObject(aborted);
  });

  test('did not fail when it is an event stream', async () => {
    const url = await servers.serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: x\n\n');
    });
    const socket = await openSocket(portOf(url));
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await readUntil(socket, 'data');
    socket.destroy();
    const entry = await servers.nextRequest();
    expect(entry).toMatchObject({ status_code: 200, data: { aborted: true } });
    expect(entry.outcome).toBeUndefined();
  });

  test('is there when its client left in the middle of its body', async () => {
    const url = await servers.serve((request) => void request.resume().on('error', () => undefined));
    const socket = await openSocket(portOf(url));
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf');
    await sleep(20);
    socket.destroy();
    const data = { aborted: true, bytes_received: 4 };
    expect(await servers.nextRequest()).toMatchObject({ status_code: 499, data });
  });

  test('is there when its turn on the connection never came', async () => {
    const url = await servers.serve(() => undefined);
    const socket = await openSocket(portOf(url));
    socket.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
    await sleep(20);
    socket.destroy();
    await servers.recorder.waitFor({ path: '/1' });
    expect(await servers.recorder.waitFor({ path: '/2' })).toMatchObject({
      status_code: 499,
      data: { aborted: true },
    });
  });

  test('is a 504 when the server gave it up', async () => {
    const logging = logRequests();
    const server = createServer((request, response) => logging(request, response, () => undefined));
    const url = await servers.start(server.setTimeout(30));
    await fetch(url).catch(() => undefined);
    const timedOut = { status_code: 504, level: 'ERROR', outcome: 'failure', data: { timed_out: true } };
    expect(await servers.nextRequest()).toMatchObject(timedOut);
  });

  test('is a 500 with the error when the handler destroyed its response', async () => {
    const url = await servers.serve((_, response) => void response.destroy(new Error('disk gone')));
    await fetch(url).catch(() => undefined);
    const entry = await servers.nextRequest();
    expect(entry).toMatchObject({ status_code: 500, outcome: 'failure', error: { message: 'disk gone' } });
    expect(entry.data).toBeUndefined();
  });
});

describe('a server that breaks off', () => {
  const FAILED = { status_code: 500, outcome: 'failure' };
  const breaks: [how: string, by: Parameters<typeof servers.serve>[0], entry: object][] = [
    ['by destroying the response', (_, response) => void response.destroy(), FAILED],
    [
      'by destroying the response in the middle',
      (_, response) => void response.write('begin', () => response.destroy()),
      { status_code: 200, outcome: 'failure' },
    ],
    [
      'by destroying the request with an error',
      (request) => void request.destroy(new Error('too slow')),
      { ...FAILED, error: { message: 'too slow' } },
    ],
    ['by destroying the connection', (request) => void request.socket.destroy(), FAILED],
  ];
  test.each(breaks)('%s was not left by its client', async (_, handler, expected) => {
    const url = await servers.serve(handler);
    await fetch(url)
      .then((answer) => answer.text())
      .catch(() => undefined);
    const entry = await servers.nextRequest();
    expect(entry).toMatchObject(expected);
    expect(entry.data).toBeUndefined();
  });

  test('by an error code of HTTP/2 was not left by its client, who cancels', async () => {
    const logging = logRequests();
    const server = createHttp2Server((request, response) =>
      logging(request, response, () => {
        log_info('arrived', { path: request.url });
        if (request.url === '/broken') response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      }),
    );
    const session = connectHttp2(`http://127.0.0.1:${await listen(server)}`);
    try {
      const broken = session.request({ ':path': '/broken' });
      broken.on('error', () => undefined);
      expect(await servers.recorder.waitFor({ kind: 'request', path: '/broken' })).toMatchObject(FAILED);
      const left = session.request({ ':path': '/left' });
      left.on('error', () => undefined);
      await servers.recorder.waitFor({ kind: 'log', path: '/left' });
      left.close(constants.NGHTTP2_CANCEL);
      expect(await servers.recorder.waitFor({ kind: 'request', path: '/left' })).toMatchObject({
        status_code: 499,
        data: { aborted: true },
      });
    } finally {
      session.destroy();
      server.close();
    }
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
    await fetch(await servers.start(server));
    expect(await servers.nextRequest()).toMatchObject({ level: 'ERROR', error: { message: 'no database' } });
  });

  test('of the options hurts nothing', async () => {
    const url = await servers.serve((_, response) => response.end(), {
      skip: () => {
        throw new Error('skip');
      },
      fields: () => {
        throw new Error('no session store');
      },
    });
    expect((await fetch(url)).status).toBe(200);
    expect((await servers.nextRequest()).data).toEqual({ fields_error: 'no session store' });
  });

  test('an async function rejects with as `fields` hurts nothing', async () => {
    const url = await servers.serve((_, response) => response.end(), {
      fields: (async () => Promise.reject(new Error('late'))) as never,
    });
    await fetch(url);
    expect(await servers.nextRequest()).toMatchObject({ status_code: 200 });
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
    return portOf(await servers.start(server));
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
    expect(await servers.nextRequest()).toMatchObject({ path: '/live', status_code: status });
    const { request_id } = servers.recorder.find({ kind: 'request' }) ?? {};
    expect(servers.recorder.find({ message: 'upgrading' })?.request_id).toBe(request_id);
    await readUntil(socket, 'is only');
    socket.destroy();
    await sleep(10);
    expect(servers.recorder.filter({ kind: 'request' })).toHaveLength(1);
  });

  test('is a 499 when its connection ended before', async () => {
    await ask(await serveUpgrade(''));
    expect(await servers.nextRequest()).toMatchObject({ status_code: 499, outcome: 'failure' });
  });
});
