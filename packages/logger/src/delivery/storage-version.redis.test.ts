import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keyspace, STORAGE_VERSION } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, it } from 'vitest';
import { Logger } from '../logger.js';
import type { LoggerError } from '../logger-options.js';

describe.each(TEST_ENGINES)('Logger on $name that holds what another version stored', ({ start }) => {
  const engine = useEngine(start);

  it('says so once, keeps entries in the spool, and writes them when the version is its own', async () => {
    const { redis } = engine;
    const keyPrefix = engine.newKeyPrefix();
    const keyspace = new Keyspace({ prefix: keyPrefix });
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-test-'));
    const errors: LoggerError[] = [];
    await redis.set(keyspace.storageVersion(), '1');
    const logger = new Logger({
      redis: engine.url,
      keyPrefix,
      spoolDir,
      flushIntervalMs: 10,
      onError: (error) => void errors.push(error),
    });
    logger.log('INFO', 'first');
    await expect.poll(() => logger.stats().spooled).toBe(1);
    await expect.poll(() => logger.stats().retries).toBeGreaterThan(4);
    expect(errors.map(({ code }) => code)).toEqual(['storage_version']);
    expect(errors[0]?.message).toContain(`storage version 1, allowed: ${STORAGE_VERSION}`);
    expect(await redis.keys(`${keyPrefix}*`)).toEqual([keyspace.storageVersion()]);

    await redis.set(keyspace.storageVersion(), STORAGE_VERSION);
    await expect.poll(() => logger.stats().written, { timeout: 10_000 }).toBe(1);
    await logger.close();
    expect(await redis.xlen(keyspace.stream())).toBe(1);
    await rm(spoolDir, { recursive: true });
  });
});
