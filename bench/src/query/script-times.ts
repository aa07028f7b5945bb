import type { Redis } from 'ioredis';

/** Shorter calls are not remembered, in microseconds: no search is slower for being watched. */
const REMEMBERED_FROM_US = 500;
/** Calls remembered between two looks. */
const MAX_REMEMBERED = 50_000;

/** Lets a server remember how long calls of scripts held it, from now on. */
export async function watchScripts(redis: Redis): Promise<void> {
  await redis.config('SET', 'slowlog-log-slower-than', REMEMBERED_FROM_US);
  await redis.config('SET', 'slowlog-max-len', MAX_REMEMBERED);
  await redis.slowlog('RESET');
}

/** How long the longest call of a script held the server since the last look, in milliseconds; 0 below 0.5. */
export async function longestScriptMs(redis: Redis): Promise<number> {
  const calls = (await redis.slowlog('GET', -1)) as [id: number, at: number, us: number, args: string[]][];
  await redis.slowlog('RESET');
  const scripts = calls.filter(([, , , [command = '']]) => /^eval/i.test(command));
  return Math.max(0, ...scripts.map(([, , us]) => us)) / 1_000;
}
