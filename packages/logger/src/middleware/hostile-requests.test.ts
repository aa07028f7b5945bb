import { EventEmitter } from 'node:events';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRecorder, type Recorder } from '../recorder/recorder.js';
import { ODD_VALUES } from '../testing/odd-values.js';
import { logRequests as logHono } from './hono.js';
import { type HttpLoggingOptions, logRequests, type NodeRequest, type NodeResponse } from './http.js';

let recorder: Recorder;
beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => recorder.stop());

/** As a request is that something other than Node's server made: members may be missing. */
function request(members: object = {}): NodeRequest {
  return Object.assign(
    new EventEmitter(),
    { method: 'GET', url: '/x', headers: {}, push: () => true },
    members,
  ) as never;
}

function response(members: object = {}): NodeResponse {
  const headers = new Map<string, unknown>();
  return Object.assign(
    new EventEmitter(),
    {
      statusCode: 200,
      headersSent: true,
      writableFinished: true,
      setHeader: (name: string, value: unknown) => headers.set(name, value),
      getHeader: (name: string) => headers.get(name),
      write: () => true,
      end: () => undefined,
    },
    members,
  ) as never;
}

/** Sends one request through the middleware; whether its handler ran. */
function pass(given: NodeRequest, answer: NodeResponse, options?: HttpLoggingOptions): boolean {
  let hasRun = false;
  logRequests(options)(given, answer, () => {
    hasRun = true;
    (given as { push?: (chunk: unknown) => void }).push?.('received');
    (answer as { write?: (chunk: unknown, encoding: unknown) => void }).write?.('sent', 'no encoding');
    (answer as { end?: () => void }).end?.();
    (answer as { emit?: (event: string) => void }).emit?.('close');
  });
  return hasRun;
}

describe('a request without a socket', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['an empty object', {}],
  ])('(%s) is logged without an address', (_, socket) => {
    expect(pass(request({ socket }), response(), { trustedProxies: ['10.0.0.0/8'] })).toBe(true);
    expect(recorder.entries).toMatchObject([{ path: '/x', status_code: 200 }]);
    expect(recorder.entries[0]?.client_ip).toBeUndefined();
    expect(recorder.entries[0]?.outcome).toBeUndefined();
  });
});

describe.each(ODD_VALUES)('%s', (_, make) => {
  test('as any member of a request or response is thrown into no handler', () => {
    const withBodies: HttpLoggingOptions = {
      captureBody: 'both',
      captureHeaders: ['accept'],
      reverseDns: false,
    };
    for (const name of ['method', 'url', 'originalUrl', 'headers', 'socket', 'route', 'baseUrl', 'errored']) {
      expect(pass(request({ socket: {}, [name]: make() }), response(), withBodies), name).toBe(true);
    }
    for (const name of [
      'statusCode',
      'headersSent',
      'getHeader',
      'setHeader',
      'writableFinished',
      'errored',
      'stream',
    ]) {
      expect(pass(request({ socket: {} }), response({ [name]: make() }), withBodies), name).toBe(true);
    }
  });

  test('as request or response hinders no handler', () => {
    let runs = 0;
    const logging = logRequests();
    logging(make() as never, make() as never, () => runs++);
    logging.upgrade(make() as never, make() as never, () => runs++);
    logging.errors(new Error('x'), make() as never, make() as never, () => runs++);
    expect(runs).toBe(3);
  });

  test('as what an option returns or throws changes no answer', async () => {
    const throwing = () => {
      throw make();
    };
    const callbacks: HttpLoggingOptions[] = [
      { fields: () => make() as never },
      { skip: () => make() as never },
      { fields: throwing, skip: throwing },
    ];
    for (const options of callbacks) expect(pass(request({ socket: {} }), response(), options)).toBe(true);
    const app = new Hono();
    app.use(logHono({ peerAddress: throwing, fields: throwing, skip: throwing }));
    app.get('/', (c) => c.text('answered'));
    expect(await (await app.request('/')).text()).toBe('answered');
  });
});
