import { type Keyspace, STORAGE_VERSION, StorageVersionError } from '@tailrace/schema';
import type { Redis } from 'ioredis';

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
