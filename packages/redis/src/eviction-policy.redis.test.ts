import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, it } from 'vitest';
import { type Eviction, evictionOf, evictionWarning } from './eviction-policy.js';

describe.each(TEST_ENGINES)('evictionOf, on $name', ({ start }) => {
  const engine = useEngine(start);

  it('says which policy removes keys, and nothing where none does', async () => {
    const { redis } = engine;
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    expect(await evictionOf(redis)).toBeUndefined();
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory', '100mb');
    const eviction = await evictionOf(redis);
    expect(eviction).toEqual({ policy: 'allkeys-lru', maxBytes: 104_857_600 });
    expect(evictionWarning(eviction as Eviction)).toContain('maxmemory-policy allkeys-lru');
  });

  it('says nothing where INFO is refused', async () => {
    expect(await evictionOf({ info: () => Promise.reject(new Error('NOPERM')) })).toBeUndefined();
  });
});
