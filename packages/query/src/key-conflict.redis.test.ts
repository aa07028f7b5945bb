import { DEFAULT_RETENTION_DAYS, Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import {
  createClear,
  createDeliveryReader,
  createLevelSettings,
  createReader,
  createTail,
  KeyConflictError,
} from './index.js';

describe.each(TEST_ENGINES)('a key of somebody else in the way, on $name', ({ start }) => {
  const engine = useEngine(start);

  /** A keyspace whose fixed keys are all taken. */
  async function taken() {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix: engine.newKeyPrefix() });
    for (const key of [keyspace.writers(), keyspace.levels(), keyspace.stream()])
      await redis.sadd(key, 'theirs');
    return { redis, keyspace };
  }

  test('is named by who reads writers, levels and stream, and stays', async () => {
    const { redis, keyspace } = await taken();
    const levels = createLevelSettings({ redis, keyspace });
    const tail = createTail({ redis, keyspace, connect: () => new Redis(engine.url) });
    const asked: [string, () => Promise<unknown>][] = [
      [keyspace.writers(), createDeliveryReader({ redis, keyspace })],
      [keyspace.levels(), () => levels.read()],
      [keyspace.levels(), () => levels.write({ components: {} })],
      [keyspace.levels(), () => levels.remove()],
      [keyspace.stream(), () => tail.follow({ filter: {} })],
    ];
    for (const [key, ask] of asked) {
      const error = await ask().then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(error).toBeInstanceOf(KeyConflictError);
      expect(error).toMatchObject({
        code: 'key_conflict',
        key,
        message: expect.stringContaining(JSON.stringify(key)),
      });
      expect(await redis.smembers(key)).toEqual(['theirs']);
    }
    expect(tail.followers).toBe(0);
  });

  test('does not stop a search or a clear by filter', async () => {
    const { redis, keyspace } = await taken();
    const reading = { redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS };
    const reader = createReader(reading);
    const removed: number[] = [];
    for await (const count of createClear({ ...reading, reader })({ filter: { q: 'x' } }))
      removed.push(count);
    expect(removed).toEqual([0]);
  });

  test('a table of levels that is not ours is named, and a writer whose hash is not ours is left out', async () => {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix: engine.newKeyPrefix() });
    await redis.hset(keyspace.levels(), 'table', 'chairs');
    await expect(createLevelSettings({ redis, keyspace }).read()).rejects.toThrow(KeyConflictError);
    await redis.zadd(keyspace.writers(), 1, 'w1');
    await redis.set(keyspace.writer('w1'), 'theirs');
    expect(await createDeliveryReader({ redis, keyspace })()).toMatchObject({ writers: [], count: 1 });
  });
});
