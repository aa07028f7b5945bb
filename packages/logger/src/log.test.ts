import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { log, log_info, log_request, log_response, withContext } from './index.js';
import { createRecorder, type Recorder } from './testing.js';

let recorder: Recorder;
beforeEach(() => {
  recorder = createRecorder({ levels: { quiet: 'error' } });
});
afterEach(() => recorder.stop());

const last = () => recorder.entries.at(-1);

describe('log', () => {
  test.each(['trace', 'debug', 'info', 'warning', 'error', 'critical', 'audit'] as const)(
    'has log_%s',
    (name) => {
      log[name]('message', { component: 'c', n: 1 });
      expect(last()).toMatchObject({
        level: name.toUpperCase(),
        message: 'message',
        component: 'c',
        data: { n: 1 },
      });
    },
  );

  test('has events, requests, responses, OAuth steps, counts', async () => {
    log.event('order.placed', { lines: 2 }, { user_id: 'ada' });
    expect(last()).toMatchObject({ event: 'order.placed', user_id: 'ada', data: { lines: 2 } });
    log.request('GET', '/a', '192.0.2.1', 'h', { trace_id: 't' });
    log.response(200, 1, { trace_id: 't' });
    expect(last()).toMatchObject({ kind: 'request', path: '/a', status_code: 200 });
    log.oauth('token', { outcome: 'success' });
    log.oauthFlow('f-1', 'login');
    expect(last()).toMatchObject({ event: 'oauth.login', data: { oauth: { flow: 'f-1' } } });
    await log.flush();
    expect(log.stats()).toMatchObject({ accepted: 4, written: 4 });
    expect(await log.close()).toMatchObject({ complete: true });
  });

  test('takes what was caught in every place', () => {
    const caught: unknown = new TypeError('inner');
    log.error(caught);
    expect(last()).toMatchObject({ message: 'inner', error: { type: 'TypeError' } });
    log.error('failed', caught);
    expect(last()).toMatchObject({ message: 'failed', error: { type: 'TypeError' } });
    log.error('failed', { error: caught, component: 'api' });
    expect(last()).toMatchObject({ component: 'api', error: { type: 'TypeError' } });
  });
});

describe('log.with', () => {
  test('has fields in every entry that no call can change, and that nothing later changes', () => {
    const fields = { component: 'db', pool: { size: 1 }, userId: 'ada' };
    const db = log.with(fields);
    fields.pool.size = 2;
    db.info('queried', { component: 'other', user_id: 'eve', data: { rows: 3 } });
    expect(last()).toMatchObject({
      component: 'db',
      user_id: 'ada',
      data: { pool: { size: 1 }, rows: 3 },
    });
    db.error(new Error('gone'));
    expect(last()).toMatchObject({ component: 'db', error: { message: 'gone' } });
    db.event('db.slow', { ms: 5 });
    expect(last()).toMatchObject({ component: 'db', event: 'db.slow', data: { ms: 5 } });
    db.request({ method: 'GET', path: '/', statusCode: 200, component: 'other' });
    expect(last()).toMatchObject({ component: 'db', status_code: 200 });
    db.oauth('token', { client_id: 'web', outcome: 'success' });
    expect(last()).toMatchObject({ component: 'db', client_id: 'web' });
    expect(() => Object.assign(db, { info: () => undefined })).toThrow(TypeError);
  });

  test('nests: the outer one wins; its component decides the level', () => {
    log.with({ component: 'quiet' }).with({ component: 'loud', n: 1 }).info('not logged');
    expect(recorder.entries).toHaveLength(0);
    log.with({ component: 'quiet' }).with({ component: 'loud', n: 1 }).error('logged');
    expect(last()).toMatchObject({ component: 'quiet', data: { n: 1 } });
  });
});

describe('fields in camelCase', () => {
  test('are those of the entry, and give way to the same in snake_case', () => {
    log_info('m', { userId: 'ada', sessionId: 7, clientIp: '192.0.2.1', responseTimeMs: 5, orderId: 1 });
    expect(last()).toMatchObject({
      user_id: 'ada',
      session_id: '7',
      client_ip: '192.0.2.1',
      response_time_ms: 5,
      data: { orderId: 1 },
    });
    log_info('m', { userId: 'ada', user_id: 'eve' });
    expect(last()).toMatchObject({ user_id: 'eve', data: { userId: 'ada' } });
  });

  test('join requests and contexts as those in snake_case do', () => {
    log_request('GET', '/a', '192.0.2.1', 'h', { traceId: 't-1' });
    log_response(204, 1, { trace_id: 't-1' });
    expect(last()).toMatchObject({ trace_id: 't-1', status_code: 204 });
    log_request({ method: 'GET', path: '/b', clientIp: '192.0.2.1', statusCode: 404, traceId: 't-2' });
    expect(last()).toMatchObject({ path: '/b', level: 'WARNING', client_ip: '192.0.2.1', trace_id: 't-2' });
    withContext({ traceId: 't-3', userId: 'ada' }, () => log_info('inside'));
    expect(last()).toMatchObject({ trace_id: 't-3', user_id: 'ada' });
    withContext({ userId: 'ada' }, () => log_info('inside', { userId: 'eve' }));
    expect(last()).toMatchObject({ user_id: 'eve' });
  });
});

test('a request is one object, with all its fields or with its line alone', () => {
  log_request({ method: 'GET', path: '/', client_ip: '192.0.2.1', proxy_hostname: 'A.example', n: 1 });
  expect(last()).toMatchObject({
    kind: 'request',
    message: 'GET /',
    client_ip: '192.0.2.1',
    proxy_hostname: 'a.example',
    data: { n: 1 },
  });
});
