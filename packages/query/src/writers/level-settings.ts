import { decodeLevelTable, encodeLevelTable, type Keyspace, type LevelTable } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { KeyConflictError, replyOf } from '../key-conflict.js';

/**
 * The levels that lie over those of all running writers, which look for them every second.
 *
 * Every method throws KeyConflictError where `settings:levels` is a key of somebody else.
 */
export interface LevelSettings {
  read(): Promise<LevelTable>;
  /** Takes the place of the whole table before. */
  write(table: LevelTable): Promise<void>;
  remove(): Promise<void>;
}

/** @see LevelSettings */
export function createLevelSettings({
  redis,
  keyspace,
}: {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
}): LevelSettings {
  const key = keyspace.levels();
  return {
    async read() {
      const hash = await replyOf(key, 'hash', redis.hgetall(key));
      try {
        return decodeLevelTable(hash);
      } catch (error) {
        throw new KeyConflictError(key, 'hash', error);
      }
    },
    async write(table) {
      await replyOf(key, 'hash', redis.hset(key, encodeLevelTable(table)));
    },
    async remove() {
      // Only our own fields: a key of somebody else stays.
      await replyOf(key, 'hash', redis.hdel(key, ...Object.keys(encodeLevelTable({ components: {} }))));
    },
  };
}
