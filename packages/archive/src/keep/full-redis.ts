import type { Redis } from 'ioredis';

/** Share of its memory beyond which Redis is nearly full. */
const FULL = 0.75;

/** Whether Redis holds more than three quarters of `maxmemory`. @returns `false` where it does not say */
export async function isFull(redis: Redis): Promise<boolean> {
  const info = await redis.info('memory').catch(() => '');
  const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const max = field('maxmemory');
  return max > 0 && field('used_memory') > FULL * max;
}
