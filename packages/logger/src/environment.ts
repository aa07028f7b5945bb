import { isatty } from 'node:tty';
import { RedisTarget } from '@tailrace/redis/without-client';
import { type Level, parseLevel } from '@tailrace/schema';
import { isHashKey, MIN_HASH_KEY_BYTES } from '@tailrace/writer';

const DEFAULT_REDIS_URL = 'redis://127.0.0.1:6379';

/**
 * Options of a logger nobody configured, from `REDIS_URL` and `LOG_LEVEL`. A first log call must not throw: a wrong level is
 * said on stderr and INFO is used; of a wrong URL `onError` is told, and entries wait in the spool.
 */
export function defaultOptions(): { readonly redis: RedisTarget; readonly level: Level } {
  const { LOG_LEVEL } = process.env;
  const level = LOG_LEVEL === undefined || LOG_LEVEL === '' ? 'INFO' : parseLevel(LOG_LEVEL);
  if (level === undefined) complain(`LOG_LEVEL is "${LOG_LEVEL}"; INFO is used`);
  return { redis: environmentRedis(), level: level ?? 'INFO' };
}

/** `REDIS_URL`, else the default. A wrong one is a target that can never be reached, and says so. */
export function environmentRedis(): RedisTarget {
  return RedisTarget.ofUrl(process.env.REDIS_URL || DEFAULT_REDIS_URL, 'REDIS_URL');
}

/** `LOG_HASH_KEY`, the key of hashed secrets; one that is too short is said on stderr, without it, and not used. */
export function environmentHashKey(): string | undefined {
  const { LOG_HASH_KEY } = process.env;
  if (LOG_HASH_KEY === undefined || LOG_HASH_KEY === '') return undefined;
  if (isHashKey(LOG_HASH_KEY)) return LOG_HASH_KEY;
  complain(`LOG_HASH_KEY is shorter than ${MIN_HASH_KEY_BYTES} bytes; a random key is used`);
  return undefined;
}

/** Whether stdout is a terminal that wants colours (https://no-color.org). */
export function wantsColors(): boolean {
  return !process.env.NO_COLOR && isatty(1);
}

/** Says something on stderr that no `onError` can be told of. */
export function complain(text: string): void {
  process.stderr.write(`tailrace logger: ${text}\n`);
}
