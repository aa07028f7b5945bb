import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Logger } from './logger.js';

afterEach(() => {
  vi.useRealTimers();
});

const ALL = ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance', 'queueMicrotask'] as const;

describe.each(TEST_ENGINES)('under the fake timers of a test, on $name', ({ start }) => {
  const engine = useEngine(start);

  it.each([
    ['those vitest fakes by itself', undefined],
    ['every one but nextTick, which Node itself needs', [...ALL]],
  ])('flush() and close() resolve: %s', async (_, toFake) => {
    const logger = new Logger({ redis: engine.url, keyPrefix: engine.newKeyPrefix(), onError: () => {} });
    // As the first entry of a suite, before a test fakes anything.
    logger.log('INFO', 'connected');
    await logger.flush();
    vi.useFakeTimers(toFake && { toFake });
    logger.log('INFO', 'under fake timers');
    await logger.flush();
    expect(logger.stats()).toMatchObject({ accepted: 2, written: 2 });
    logger.log('INFO', 'and again');
    expect(await logger.close()).toMatchObject({ written: 3, complete: true });
  });

  it.each([
    ['those vitest fakes by itself', undefined],
    ['every one but nextTick, which Node itself needs', [...ALL]],
  ])('with Redis away they resolve, too: %s', async (_, toFake) => {
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-fake-'));
    onTestFinished(() => rm(spoolDir, { recursive: true }));
    vi.useFakeTimers(toFake && { toFake });
    const logger = new Logger({ redis: 'redis://127.0.0.1:1', spoolDir, onError: () => {} });
    logger.log('INFO', 'waits');
    await logger.flush();
    expect(await logger.close(1_000)).toMatchObject({ spooled: 1, pending: 0, complete: false });
  });
});
