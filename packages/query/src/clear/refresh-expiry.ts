import { DAY_MS, type Keyspace, type RetentionDays } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { refreshOwnKeys } from './own-keys.js';

/** @see refreshExpiry */
export interface ExpiryOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
}

/** Keys looked at in one step: about 1 ms of Redis. */
const STEP = 500;

/**
 * To be called after keys were removed, or emptied, which is the same. Writers set the expiry of a key once in a while
 * and remember that they did. So this makes them forget (`epoch`, see the writer's batch script); keys they have
 * made before that without an expiry get the longest expiry there is, until a writer sets the right one.
 */
export async function refreshExpiry(options: ExpiryOptions): Promise<void> {
  const { redis, keyspace, retentionDays } = options;
  const expiryMs = Math.ceil((Math.max(...Object.values(retentionDays)) + 1) * DAY_MS);
  for (const family of ['writers:*', 'idx:*', 'oauth:*', 'stats:*', 'stream:*']) {
    for await (const keys of scanKeys(options, family)) {
      await refreshOwnKeys({ redis, keyspace, keys, expiryMs });
    }
  }
}

/**
 * The keys of a keyspace that match, foreign ones as well, some maybe twice, a step at a time.
 *
 * @param pattern what follows the keyspace's base
 */
export async function* scanKeys(
  { redis, keyspace }: Pick<ExpiryOptions, 'redis' | 'keyspace'>,
  pattern: string,
): AsyncGenerator<string[]> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', keyspace.base + pattern, 'COUNT', STEP);
    cursor = next;
    yield keys;
  } while (cursor !== '0');
}
