import { createRecorder, type Recorder } from '@tailrace/logger/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD } from './accounts.js';
import { createDemoApp } from './app.js';
import type { DemoLog } from './demo-env.js';
import { CLIENT_HEADER } from './request-logging.js';

interface Logged {
  readonly call: keyof DemoLog;
  readonly args: readonly unknown[];
}

let recorder: Recorder;

beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => recorder.stop());

/** The app with a log that only remembers, no waiting, and a clock that stands still unless told. */
function open() {
  const logged: Logged[] = [];
  const clock = { now: 0 };
  const keep =
    (call: keyof DemoLog) =>
    (...args: unknown[]) =>
      void logged.push({ call, args });
  const app = createDemoApp({
    log: {
      log_audit: keep('log_audit'),
      log_error: keep('log_error'),
      log_event: keep('log_event'),
      log_info: keep('log_info'),
      log_warning: keep('log_warning'),
    },
    work: async (minMs) => {
      clock.now += minMs;
    },
    now: () => clock.now,
  });
  const request = async (path: string, init: RequestInit = {}, client = '192.0.2.1') => {
    const answer = await app.request(`http://shop.example.com:4690${path}`, {
      ...init,
      headers: { [CLIENT_HEADER]: client, ...init.headers },
    });
    // A request is over, and logged, when its answer was read.
    return new Response((await answer.text()) || null, answer);
  };
  const signIn = (user: string, password = DEMO_PASSWORD) =>
    request('/login', { method: 'POST', body: new URLSearchParams({ user, password }) });
  const sessionOf = async (user: string) => {
    const cookie = (await signIn(user)).headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    return { headers: { cookie } };
  };
  const calls = (name: keyof DemoLog) => logged.filter(({ call }) => call === name).map(({ args }) => args);
  return { request, signIn, sessionOf, calls, clock };
}

describe('every request', () => {
  test('is logged once it is answered, with what the client sent and got', async () => {
    const { request } = open();
    const response = await request('/products/7?from=mail', {
      headers: { 'user-agent': 'test/1', referer: 'https://shop.example.com/', traceparent: TRACEPARENT },
    });
    const bytes = (await response.arrayBuffer()).byteLength;
    expect(recorder.entries).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: '/products/7?from=mail',
        client_ip: '192.0.2.1',
        proxy_hostname: 'shop.example.com',
        status_code: 200,
        bytes_sent: bytes,
        user_agent: 'test/1',
        referrer: 'https://shop.example.com/',
        route: '/products/:id',
        request_id: response.headers.get('x-request-id'),
        trace_id: '0af7651916cd43dd8448eb211c80319c',
      }),
    ]);
  });

  test('to a page that is not there has no route', async () => {
    const { request } = open();
    expect((await request('/wp-login.php')).status).toBe(404);
    expect(recorder.entries).toEqual([expect.not.objectContaining({ route: expect.anything() })]);
  });

  test('whose client header is no address comes from where it comes from', async () => {
    const { request } = open();
    await request('/', {}, 'somewhere');
    expect(recorder.entries[0]?.client_ip).toBe('127.0.0.1');
  });
});

describe('signing in', () => {
  test('gives a session whose name in the log is not its secret', async () => {
    const { request, sessionOf } = open();
    const session = await sessionOf('user-101');
    expect((await request('/users/user-101', session)).status).toBe(200);
    const entry = recorder.entries.at(-1);
    expect(entry).toMatchObject({ user_id: 'user-101', session_id: expect.any(String) });
    expect(session.headers.cookie).not.toContain(entry?.session_id);
  });

  test('fails with a wrong password, and after five has to wait', async () => {
    const { signIn, calls, clock } = open();
    for (let i = 0; i < 5; i++) expect((await signIn('user-101', 'guess')).status).toBe(401);
    expect((await signIn('user-101')).status).toBe(429);
    expect(calls('log_warning')).toHaveLength(5);
    expect(JSON.stringify(calls('log_warning'))).not.toContain('guess');
    clock.now += 20_000;
    expect((await signIn('user-101')).status).toBe(200);
  });

  test.each([
    ['/users/user-101', undefined, 401],
    ['/orders/1700', undefined, 401],
    ['/users/user-102', 'user-101', 403],
    ['/reports/2024-01', 'user-101', 403],
    ['/users/nobody', 'admin-1', 404],
    ['/reports/2024-01', 'admin-1', 200],
  ])('GET %s as %s is a %i', async (path, user, status) => {
    const { request, sessionOf } = open();
    const init = user === undefined ? {} : await sessionOf(user);
    expect((await request(path, init)).status).toBe(status);
  });
});

test('an order that cannot be paid is a 500, logged with the error and its cause', async () => {
  const { request, sessionOf, calls } = open();
  const init = { method: 'POST', ...(await sessionOf('user-101')) };
  const statuses: number[] = [];
  for (let i = 0; i < 11; i++) statuses.push((await request('/orders', init)).status);
  expect(statuses.filter((status) => status === 500)).toHaveLength(1);
  expect(calls('log_event')).toHaveLength(10);
  const [[message, fields] = []] = calls('log_error') as [string, { error: Error }][];
  expect(message).toBe('POST /orders failed');
  expect(fields?.error.message).toMatch(/^order \d+ cannot be paid$/);
  expect(fields?.error.cause).toMatchObject({ code: 'ETIMEDOUT' });
});

test('an attached volume is in the audit log with the objects it is about', async () => {
  const { request, sessionOf, calls } = open();
  const init = { method: 'PUT', ...(await sessionOf('svc-backup')) };
  expect((await request('/vms/3/volumes/8', init)).status).toBe(200);
  expect((await request('/vms/4/volumes/8', init)).status).toBe(409);
  expect((await request('/vms/x/volumes/8', init)).status).toBe(404);
  expect(calls('log_audit')).toMatchObject([
    ['vol-8 attached to vm-3', { user_id: 'svc-backup', objects: ['vm-3', 'vol-8'], outcome: 'success' }],
    ['vol-8 not attached to vm-4: vm-3 has it', { objects: ['vm-4', 'vol-8'], outcome: 'failure' }],
  ]);
});

/** The example of the recommendation itself. */
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
