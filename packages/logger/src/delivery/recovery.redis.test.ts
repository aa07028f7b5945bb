import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeStreamEntry, type Entry, Keyspace } from '@tailrace/schema';
import { type RunningEngine, TEST_ENGINES } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Logger } from '../logger.js';
import { type LoggerError, type LoggerOptions, resolveOptions } from '../logger-options.js';
import { Spool } from '../spool/spool.js';
import type { SpoolPlace } from '../spool/spool-directory.js';
import { spoolPlace } from './spool-place.js';

const WRITER_ID = 'gone';

describe.each(TEST_ENGINES)('Recovery on $name', ({ start }) => {
  let engine: RunningEngine;
  let redis: Redis;
  let spoolDir: string;

  beforeAll(async () => {
    engine = await start();
    redis = new Redis(engine.url);
    spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-recovery-'));
  });
  afterAll(async () => {
    redis.disconnect();
    await engine.stop();
    await rm(spoolDir, { recursive: true });
  });

  /** Leaves two calls of a writer that is gone. */
  async function setUp(keyPrefix: string) {
    const errors: LoggerError[] = [];
    const options: LoggerOptions = {
      redis: engine.url,
      keyPrefix,
      spoolDir,
      onError: (error) => errors.push(error),
    };
    const keyspace = new Keyspace({ prefix: keyPrefix });
    const spool = new Spool({
      ...(spoolPlace(resolveOptions(options)) as SpoolPlace),
      writerId: WRITER_ID,
      maxBytes: 1_000_000,
      fsync: false,
      onDropped: () => undefined,
      onTaken: () => undefined,
    });
    const calls = [1, 2].map((number) => ({ number, entries: [left(keyspace, number)], counts: [] }));
    expect(await spool.append(calls)).toBe(true);
    await spool.close();
    const messages = async () =>
      (await redis.xrange(keyspace.stream(), '-', '+')).map(
        ([, fields]) => decodeStreamEntry(fields[1] as string)?.message,
      );
    return { options, errors, keyspace, messages };
  }

  it('writes what a writer that is gone has left', async () => {
    const { options, messages } = await setUp('r1:');
    const logger = new Logger(options);
    await expect.poll(() => logger.stats().recovered).toBe(2);
    await logger.close();
    expect(await messages()).toEqual(['left 1', 'left 2']);
  });

  it('says what it has to give up because Redis refuses it for good, to onError and to readers', async () => {
    const { options, errors, keyspace, messages } = await setUp('r2:');
    await redis.set(keyspace.writer(WRITER_ID), 'not a hash');
    const logger = new Logger(options);
    const lost = () => errors.filter(({ code }) => code === 'entries_lost');
    await expect.poll(() => lost().length, { timeout: 20_000 }).toBeGreaterThan(0);
    logger.log('INFO', 'own');
    await logger.close();
    expect(lost()[0]?.message).toContain(`1 entries in the spool of writer ${WRITER_ID} are lost`);
    expect(await messages()).toEqual(
      expect.arrayContaining(['own', expect.stringMatching(/^\d+ entr(y|ies) dropped, rejected, /)]),
    );
    expect(logger.stats()).toMatchObject({ recovered: 0, pending: 0, dropped: {} });
  }, 30_000);
});

function left(keyspace: Keyspace, number: number): Entry {
  const timestamp = Date.now();
  return {
    id: keyspace.entry('log', timestamp, 'app', `left000${number}`),
    timestamp,
    kind: 'log',
    level: 'INFO',
    component: 'app',
    message: `left ${number}`,
  };
}
