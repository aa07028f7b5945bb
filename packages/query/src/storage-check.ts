import { type Keyspace, ShardCountError, STORAGE_VERSION, StorageVersionError } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { Shard } from './shards/shard.js';

/**
 * Checks that what is stored can be read here. Where nothing says its version, nothing is stored yet.
 *
 * @throws StorageVersionError when another version of Tailrace wrote it; what the connection throws.
 */
export async function checkStorageVersion({
  redis,
  keyspace,
}: {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
}): Promise<void> {
  const version = await redis.get(keyspace.storageVersion());
  if (version !== null && version !== STORAGE_VERSION) throw new StorageVersionError(version);
}

/**
 * Checks that a cluster has as many shards as it was asked for.
 *
 * @throws ShardCountError when entries are in another number of shards; what the connection throws.
 */
export async function checkShardCount(shards: readonly Shard[]): Promise<void> {
  for (const { redis, keyspace } of shards) {
    const stored = await redis.get(keyspace.shards());
    if (stored !== null && stored !== String(shards.length)) throw new ShardCountError(stored, shards.length);
  }
}
