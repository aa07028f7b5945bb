import { decodeLevelTable, encodeLevelTable, type Keyspace, type LevelTable } from '@tailrace/schema';
import type { Redis } from 'ioredis';

/** The levels that lie over those of all running writers, which look for them every second. */
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
    read: async () => decodeLevelTable(await redis.hgetall(key)),
    async write(table) {
      await redis.hset(key, encodeLevelTable(table));
    },
    async remove() {
      await redis.del(key);
    },
  };
}
