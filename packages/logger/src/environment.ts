import { isatty } from 'node:tty';
import { type Level, parseLevel } from '@tailrace/schema';
import { isHashKey, MIN_HASH_KEY_BYTES } from '@tailrace/writer';

const DEFAULT_REDIS_URL = 'redis://127.0.0.1:6379';

/**
 * Options of a logger nobody configured, from `REDIS_URL` and `LOG_LEVEL`. A first log call must not throw, so a wrong
 * setting is said on stderr and its default is used.
 */
export function defaultOptions(): { readonly redis: string; readonly level: Level } {
  const { LOG_LEVEL } = process.env;
  const level = LOG_LEVEL === undefined || LOG_LEVEL === '' ? 'INFO' : parseLevel(LOG_LEVEL);
  if (level === undefined) complain(`LOG_LEVEL is "${LOG_LEVEL}"; INFO is used`);
  return { redis: environmentRedis(), level: level ?? 'INFO' };
}

/** `REDIS_URL`, else the default; a wrong one is said on stderr, without it, since it may hold a password. */
export function environmentRedis(): string {
  const { REDIS_URL } = process.env;
  if (REDIS_URL === undefined || REDIS_URL === '') return DEFAULT_REDIS_URL;
  if (/^rediss?:\/\//.test(REDIS_URL)) return REDIS_URL;
  complain(`REDIS_URL does not begin with redis:// or rediss://; ${DEFAULT_REDIS_URL} is used`);
  return DEFAULT_REDIS_URL;
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
