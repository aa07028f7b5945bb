import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, test } from 'vitest';
import { openTail } from '../testing/open-tail.js';

const MIB = 1_048_576;

describe.each(TEST_ENGINES)('large entries of the past, on $name', ({ start }) => {
  const engine = useEngine(start);

  test('are read in steps, each of which holds Redis for a bounded number of bytes', async () => {
    const { redis } = engine;
    const { tail, write, follow } = openTail(redis, engine.url);
    const size = 100_000;
    const names = Array.from({ length: 100 }, (_, n) => `entry ${n} `);
    const [first] = await write(...names.map((name) => name.padEnd(size, 'x')));
    for (const [request, expected] of [
      [{ last: 100 }, names],
      [{ after: first as string }, names.slice(1)],
    ] as const) {
      await redis.config('RESETSTAT');
      const follower = await follow(request);
      const texts = await follower.take(expected.length);
      expect(texts.map((text) => text.replace(/x+$/, ''))).toEqual(expected);
      const stats = await redis.info('commandstats');
      const calls = Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
      // A step ends behind 1 MB, which may be one read of 20 entries later.
      expect(calls).toBeGreaterThanOrEqual((expected.length * size) / (3 * MIB));
      follower.following.leave();
    }
    tail.close();
  });
});
