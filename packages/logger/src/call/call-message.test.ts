import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { log_error, log_event, log_info, log_request, log_response } from '../log-functions.js';
import { createRecorder, type Recorder } from '../recorder/recorder.js';

let recorder: Recorder;
beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => recorder.stop());

const last = () => recorder.entries.at(-1);

describe('a message', () => {
  test('that is an object gives its message, and is kept as data', () => {
    log_error({ message: 'row not found', code: 'P1' }, { component: 'db', data: { table: 't' } });
    expect(last()).toMatchObject({
      message: 'row not found',
      component: 'db',
      data: { code: 'P1', table: 't' },
    });
    log_error({ code: 'P1' });
    expect(last()).toMatchObject({ message: '{"code":"P1"}', data: { code: 'P1' } });
    log_error(new Map([['code', 'P1']]));
    expect(last()).toMatchObject({ message: '{"code":"P1"}', data: { code: 'P1' } });
    log_error(['a', 1]);
    expect(last()).toMatchObject({ message: '["a",1]', data: { value: ['a', 1] } });
  });

  test('that is an error gives its message without its type, also of another realm', () => {
    log_error(runInNewContext('new TypeError("elsewhere")'));
    expect(last()).toMatchObject({ message: 'elsewhere', error: { type: 'TypeError' } });
    log_error(new RangeError());
    expect(last()).toMatchObject({ message: 'RangeError', error: { type: 'RangeError', message: '' } });
  });

  test('is a text, whatever an error has for a message', () => {
    const error = Object.assign(new Error(), { message: { code: 1 } });
    log_error(error);
    expect(last()).toMatchObject({ message: '{"code":1}', error: { message: '{"code":1}' } });
  });

  test('of many megabytes is cut, and says so', () => {
    log_error('x'.repeat(5_000_000));
    expect(last()).toMatchObject({ truncated: ['message'] });
    log_info(new Array(1e9));
    expect(last()?.truncated).toEqual(['data']);
  });
});

describe('the second argument', () => {
  test('is the error, when it is one', () => {
    log_error('failed', new TypeError('inner'));
    expect(last()).toMatchObject({ message: 'failed', error: { type: 'TypeError', message: 'inner' } });
    log_error(new Error('outer'), new TypeError('inner'));
    expect(last()).toMatchObject({ message: 'outer', error: { type: 'TypeError', message: 'inner' } });
    log_event('job.failed', new Error('no disk'));
    expect(last()).toMatchObject({ event: 'job.failed', error: { message: 'no disk' } });
  });

  test('is its entries, when it is a Map, and its own members, when it is an instance', () => {
    log_info('signed in', new Map([['user_id', 'ada']]));
    expect(last()).toMatchObject({ user_id: 'ada' });
    class Fields {
      user_id = 'ada';
      attempt = 2;
    }
    log_info('signed in', new Fields());
    expect(last()).toMatchObject({ user_id: 'ada', data: { attempt: 2 } });
  });

  test('may be null', () => {
    log_info('m', null);
    log_request('GET', '/', '192.0.2.1', 'a.example', null as never);
    expect(recorder.entries).toHaveLength(2);
  });
});

test('what a library hangs on its error is kept: secrets redacted, no headers of the request, no bodies', () => {
  const error = Object.assign(new Error('Request failed with status code 503'), {
    isAxiosError: true,
    code: 'ERR_BAD_RESPONSE',
    status: 503,
    config: { headers: { Authorization: 'Bearer abc' }, data: 'body' },
    response: { status: 503, statusText: 'busy', data: 'body', headers: {} },
    password: 'hunter2hunter2',
  });
  log_error(error);
  expect(last()?.error).toMatchObject({
    code: 'ERR_BAD_RESPONSE',
    data: { status: 503, response: { status: 503, statusText: 'busy' }, password: '[redacted]' },
  });
  expect(JSON.stringify(last())).not.toMatch(/Bearer|"body"|hunter2/);
});

test('headers as a field are shown with their secrets redacted', () => {
  log_info('called', { headers: new Headers({ authorization: 'Bearer abc', accept: 'a/b' }) });
  expect(last()?.data).toEqual({ headers: { authorization: '[redacted]', accept: 'a/b' } });
});

test('a request joins its response by a number as trace_id', () => {
  log_request('GET', '/', '192.0.2.1', 'a.example', { trace_id: 5 });
  log_response(200, 1, { trace_id: 5 });
  expect(recorder.entries).toHaveLength(1);
  expect(last()).toMatchObject({ trace_id: '5', status_code: 200 });
});
