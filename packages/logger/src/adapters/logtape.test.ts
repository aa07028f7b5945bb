import { AsyncLocalStorage } from 'node:async_hooks';
import { configure, dispose, getLogger, reset, withContext as withLogtapeContext } from '@logtape/logtape';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withContext } from '../index.js';
import { createRecorder, type Recorder } from '../testing.js';
import { getTailraceSink } from './logtape.js';

let recorder: Recorder;
beforeEach(async () => {
  recorder = createRecorder();
  await configure({
    sinks: { tailrace: getTailraceSink() },
    loggers: [
      { category: [], sinks: ['tailrace'], lowestLevel: 'trace' },
      { category: ['logtape', 'meta'], sinks: [], parentSinks: 'override' },
    ],
    contextLocalStorage: new AsyncLocalStorage(),
  });
});
afterEach(async () => {
  await reset();
  recorder.assertNothingDropped();
  recorder.stop();
});

test('has levels, category, properties and the time', () => {
  const logger = getLogger(['shop', 'db']);
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) logger[level]('m');
  expect(recorder.entries.map(({ level }) => level)).toEqual([
    'TRACE',
    'DEBUG',
    'INFO',
    'WARNING',
    'ERROR',
    'CRITICAL',
  ]);
  logger.info('{user} took {n}', { user: 'ann', n: 3, userId: 7 });
  const last = recorder.entries.at(-1);
  expect(last).toMatchObject({
    component: 'shop.db',
    message: 'ann took 3',
    user_id: '7',
    data: { user: 'ann', n: 3 },
  });
  expect(Math.abs((last?.timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
});

test('has errors, bindings and both contexts', () => {
  const logger = getLogger('shop').with({ requestId: 'r-1' });
  withContext({ trace_id: 't-1' }, () =>
    withLogtapeContext({ sessionId: 's-1' }, () =>
      logger.error('failed: {error}', { error: new TypeError('no') }),
    ),
  );
  expect(recorder.entries).toMatchObject([
    {
      message: 'failed: TypeError: no',
      error: { type: 'TypeError' },
      request_id: 'r-1',
      session_id: 's-1',
      trace_id: 't-1',
    },
  ]);
});

test('takes values that cannot be shown', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const bad = {
    toString: () => {
      throw new Error('no');
    },
    toJSON: () => {
      throw new Error('no');
    },
  };
  getLogger('a').info`${cycle} and ${bad} and ${undefined} and ${null}`;
  expect(recorder.entries).toMatchObject([
    { message: '[unreadable] and [unreadable] and undefined and null' },
  ]);
});

test('is waited for by dispose', async () => {
  getLogger('a').info('m');
  await dispose();
  expect(recorder.stats()).toMatchObject({ accepted: 1, pending: 0 });
});
