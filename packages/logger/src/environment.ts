import { parseLevel } from '@tailrace/schema';
import type { LoggerOptions } from './logger-options.js';

const DEFAULT_REDIS_URL = 'redis://127.0.0.1:6379';

/**
 * Options of a logger nobody configured, from `REDIS_URL` and `LOG_LEVEL`. A first log call must not throw, so a wrong
 * setting is said on stderr and its default is used.
 */
export function defaultOptions(): LoggerOptions {
  const { REDIS_URL, LOG_LEVEL } = process.env;
  const level = LOG_LEVEL === undefined || LOG_LEVEL === '' ? 'INFO' : parseLevel(LOG_LEVEL);
  if (level === undefined) complain(`LOG_LEVEL is "${LOG_LEVEL}"; INFO is used`);
  const isUrl = REDIS_URL === undefined || REDIS_URL === '' || /^rediss?:\/\//.test(REDIS_URL);
  if (!isUrl) complain(`REDIS_URL does not begin with redis:// or rediss://; ${DEFAULT_REDIS_URL} is used`);
  return { redis: isUrl && REDIS_URL ? REDIS_URL : DEFAULT_REDIS_URL, level: level ?? 'INFO' };
}

function complain(text: string): void {
  process.stderr.write(`tailrace logger: ${text}\n`);
}
