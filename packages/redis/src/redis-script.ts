import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A server-side script and the SHA-1 it is called by. */
export interface RedisScript {
  readonly source: string;
  readonly sha1: string;
}

/** Names a script for {@link runScript}. */
export function redisScript(source: string): RedisScript {
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}

/** Runs a script by its SHA-1, and with its source where the server does not know it (yet, or any more). */
export async function runScript(
  redis: Redis,
  { source, sha1 }: RedisScript,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha1, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return redis.eval(source, keys.length, ...keys, ...args);
  }
}
