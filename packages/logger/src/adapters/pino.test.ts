import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import bunyan from 'bunyan';
import { pino } from 'pino';
import { pinoHttp } from 'pino-http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withContext } from '../index.js';
import { createRecorder, type Recorder } from '../testing.js';
import { pinoStream } from './pino.js';

let recorder: Recorder;
beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => {
  recorder.assertNothingDropped();
  recorder.stop();
});

describe('pino through pinoStream', () => {
  test('has the level of each call', () => {
    const logger = pino({ level: 'trace' }, pinoStream());
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) logger[level](level);
    expect(recorder.entries.map(({ message, level }) => `${message} ${level}`)).toEqual([
      'trace TRACE',
      'debug DEBUG',
      'info INFO',
      'warn WARNING',
      'error ERROR',
      'fatal CRITICAL',
    ]);
  });

  test.each([
    ['a custom level between two', { customLevels: { notice: 35 }, level: 'info' }, 'notice', 'INFO'],
    [
      'a label in place of the number',
      { formatters: { level: (label: string) => ({ level: label }) } },
      'warn',
      'WARNING',
    ],
    ['a level above all', { customLevels: { disaster: 90 } }, 'disaster', 'CRITICAL'],
    ['a level below all', { customLevels: { whisper: 1 }, level: 'whisper' }, 'whisper', 'TRACE'],
  ])('reads %s', (_, options, method, level) => {
    const logger = pino(options as object, pinoStream()) as unknown as Record<string, (text: string) => void>;
    logger[method]?.('m');
    expect(recorder.entries).toMatchObject([{ message: 'm', level }]);
  });

  test('has name, bindings of children and ids of requests as fields, without pid and host name', () => {
    const logger = pino({ name: 'shop' }, pinoStream());
    const child = logger.child({ reqId: 'r-1', userId: 7, tenant: 'a' }, { msgPrefix: '[pay] ' });
    child.info({ order: { id: 5 }, trace_id: 't-1' }, 'paid %d', 12);
    expect(recorder.entries).toHaveLength(1);
    const [{ data, ...entry }] = recorder.entries as [(typeof recorder.entries)[number]];
    expect(entry).toMatchObject({
      component: 'shop',
      message: '[pay] paid 12',
      request_id: 'r-1',
      user_id: '7',
      trace_id: 't-1',
    });
    expect(data).toEqual({ tenant: 'a', order: { id: 5 } });
  });

  test('has an error with its type, code, stack and cause, also under another key', () => {
    const error = Object.assign(new TypeError('no', { cause: new Error('deeper') }), { code: 'E_NO' });
    pino(pinoStream()).error(error);
    pino({ errorKey: 'problem' }, pinoStream({ errorKey: 'problem' })).warn({ problem: error }, 'failed');
    expect(recorder.entries).toMatchObject([
      {
        level: 'ERROR',
        message: 'no',
        error: { type: 'TypeError', code: 'E_NO', stack: expect.stringContaining('pino.test') },
      },
      { level: 'WARNING', message: 'failed', error: { type: 'TypeError', code: 'E_NO' } },
    ]);
  });

  test.each(['epochTime', 'unixTime', 'isoTime'] as const)('has the time of pino as %s', (name) => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    pino({ timestamp: pino.stdTimeFunctions[name] }, pinoStream()).info('m');
    expect(recorder.entries[0]?.timestamp).toBeGreaterThanOrEqual(before);
    expect(recorder.entries[0]?.timestamp).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) * 1000);
  });

  test('stands in the context of the call', () => {
    const logger = pino(pinoStream());
    withContext({ session_id: 's-1' }, () => logger.info('m'));
    expect(recorder.entries).toMatchObject([{ session_id: 's-1' }]);
  });

  test('has another message key, and secrets replaced', () => {
    pino({ messageKey: 'message' }, pinoStream({ messageKey: 'message' })).info(
      { password: 'hunter2' },
      'in',
    );
    expect(recorder.entries).toMatchObject([{ message: 'in', data: { password: '[redacted]' } }]);
  });

  test.each([
    '',
    'no JSON\n',
    '5',
    'null',
    '[]',
    '{"level":{},"time":"x","msg":{"a":1},"req":5}',
    '{"__proto__":{"x":1}}',
  ])('takes the line %j without throwing', (line) => {
    pinoStream().write(line);
    expect(recorder.entries).toHaveLength(1);
  });
});

test('pino-http becomes requests, with the id that all of a request share', async () => {
  const http = pinoHttp({ genReqId: () => 'r-9' }, pinoStream());
  const server = createServer((request, response) => {
    http(request, response);
    request.log.info('inside');
    response.statusCode = 404;
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await fetch(`http://localhost:${port}/orders/7?x=1`, {
    headers: { 'user-agent': 'tester', cookie: 'a=b' },
  }).catch(() =>
    fetch(`http://127.0.0.1:${port}/orders/7?x=1`, { headers: { 'user-agent': 'tester', cookie: 'a=b' } }),
  );
  const request = await recorder.waitFor({ kind: 'request' });
  server.closeAllConnections();
  server.close();
  expect(request).toMatchObject({
    method: 'GET',
    path: '/orders/7?x=1',
    status_code: 404,
    response_time_ms: expect.any(Number),
    user_agent: 'tester',
    request_id: 'r-9',
    level: 'INFO',
  });
  expect(JSON.stringify(request)).not.toContain('a=b');
  expect(recorder.find({ message: 'inside' })).toMatchObject({ request_id: 'r-9' });
});

test('bunyan has levels, name, errors and ids of requests', () => {
  const logger = bunyan.createLogger({ name: 'old', stream: pinoStream() });
  logger.child({ req_id: 'r-2' }).warn({ size: 3 }, 'careful');
  logger.fatal(new RangeError('too far'), 'gone');
  expect(recorder.entries).toMatchObject([
    { component: 'old', level: 'WARNING', message: 'careful', request_id: 'r-2', data: { size: 3 } },
    {
      component: 'old',
      level: 'CRITICAL',
      message: 'gone',
      error: { type: 'RangeError', message: 'too far' },
    },
  ]);
});
