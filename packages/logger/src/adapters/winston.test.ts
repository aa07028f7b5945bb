import { afterEach, beforeEach, expect, test } from 'vitest';
import winston from 'winston';
import { withContext } from '../index.js';
import { createRecorder, type Recorder } from '../testing.js';
import { TailraceTransport } from './winston.js';

let recorder: Recorder;
beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => {
  recorder.assertNothingDropped();
  recorder.stop();
});

const { format } = winston;
const loggerWith = (options: winston.LoggerOptions = {}) =>
  winston.createLogger({ level: 'silly', transports: [new TailraceTransport()], ...options });

test("npm's levels", () => {
  const logger = loggerWith();
  for (const level of ['error', 'warn', 'info', 'http', 'verbose', 'debug', 'silly'])
    logger.log(level, level);
  expect(recorder.entries.map(({ message, level }) => `${message} ${level}`)).toEqual([
    'error ERROR',
    'warn WARNING',
    'info INFO',
    'http INFO',
    'verbose DEBUG',
    'debug DEBUG',
    'silly TRACE',
  ]);
});

test("syslog's levels, through a format that colours them", () => {
  const logger = loggerWith({
    level: 'debug',
    levels: winston.config.syslog.levels,
    format: format.combine(format.colorize(), format.simple()),
  });
  winston.addColors(winston.config.syslog.colors);
  for (const level of ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'debug'])
    logger.log(level, 'm');
  expect(recorder.entries.map(({ level }) => level)).toEqual([
    'CRITICAL',
    'CRITICAL',
    'CRITICAL',
    'ERROR',
    'WARNING',
    'INFO',
    'DEBUG',
  ]);
});

test('meta data, defaults and bindings of children are fields', () => {
  const logger = loggerWith({
    defaultMeta: { component: 'shop' },
    format: format.combine(format.timestamp(), format.json()),
  });
  logger.child({ requestId: 'r-1' }).info('sold', { userId: 7, item: { id: 5 }, level2: 'x' });
  const [{ data, ...entry }] = recorder.entries as [(typeof recorder.entries)[number]];
  expect(entry).toMatchObject({ component: 'shop', message: 'sold', request_id: 'r-1', user_id: '7' });
  expect(data).toEqual({ item: { id: 5 }, level2: 'x' });
});

test.each([
  ['none', undefined],
  ['errors', format.errors({ stack: true })],
  ['errors and json', format.combine(format.errors({ stack: true }), format.json())],
])('an error alone, with the format %s', (_, given) => {
  loggerWith(given === undefined ? {} : { format: given }).error(new TypeError('no such table'));
  expect(recorder.entries).toMatchObject([
    {
      level: 'ERROR',
      message: 'no such table',
      error: { type: 'TypeError', message: 'no such table', stack: expect.stringContaining('winston.test') },
    },
  ]);
});

test('an error behind a text', () => {
  const error = Object.assign(new RangeError('too far'), { code: 'E_FAR' });
  loggerWith().warn('moving failed', error);
  loggerWith().warn('moving failed', { error, step: 2 });
  expect(recorder.entries).toMatchObject([
    {
      level: 'WARNING',
      message: expect.stringContaining('moving failed'),
      error: { type: 'RangeError', code: 'E_FAR' },
    },
    {
      level: 'WARNING',
      message: 'moving failed',
      error: { type: 'RangeError', code: 'E_FAR' },
      data: { step: 2 },
    },
  ]);
});

test('a message with values in it, and one that is an object', () => {
  const logger = loggerWith({ format: format.combine(format.splat(), format.json()) });
  logger.info('%s of %d', 'one', 3);
  logger.log({ level: 'info', message: { a: 1 } as unknown as string });
  expect(recorder.entries).toMatchObject([{ message: 'one of 3' }, { data: { a: 1 } }]);
});

test('the context of the call, and secrets replaced', () => {
  withContext({ trace_id: 't-1' }, () => loggerWith().info('in', { password: 'hunter2' }));
  expect(recorder.entries).toMatchObject([{ trace_id: 't-1', data: { password: '[redacted]' } }]);
});

test('values that throw when read cost nothing but themselves', () => {
  const info = { level: 'info', message: 'm' };
  Object.defineProperty(info, 'bad', {
    enumerable: true,
    get() {
      throw new Error('not here');
    },
  });
  new TailraceTransport().log(info, () => {});
  expect(recorder.entries).toHaveLength(1);
});
