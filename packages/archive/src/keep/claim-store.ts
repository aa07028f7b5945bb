import type { Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { ManifestStore } from '../manifest/manifest.js';

/** A store and the archive that is to seal it. */
interface Claim {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly manifest: ManifestStore;
}

/** Another archive seals this store. */
export class ForeignArchiveError extends Error {
  constructor(own: string, other: string) {
    super(`Redis belongs to archive ${other}, and DATA_DIR holds archive ${own}`);
    this.name = 'ForeignArchiveError';
  }
}

/**
 * Makes the store this archive's, and finds out whether it is the one the archive knows.
 *
 * @throws ForeignArchiveError when it is another archive's.
 */
export async function claimStore({ now, ...claim }: Claim & { readonly now: () => number }): Promise<void> {
  const { redis, keyspace, manifest } = claim;
  const { archive: own, position, files } = manifest.current;
  const marker = await redis.hget(keyspace.archive(), 'id');
  if (marker === own) return;
  if (marker !== null) throw new ForeignArchiveError(own, marker);
  const isNew = position === '0-0' && files.length === 0;
  // A store without the mark has lost what the archive knows of, or never had it.
  await manifest.change(() => ({ position: '0-0', added: 0, ...(!isNew && { hotFrom: now() }) }));
  await markStore(claim);
}

/** Writes into the store whose it is, and from when on it has every entry. */
export async function markStore({ redis, keyspace, manifest }: Claim): Promise<void> {
  const { archive, hotFrom } = manifest.current;
  await redis.hset(keyspace.archive(), { id: archive, hot_from: hotFrom });
}
