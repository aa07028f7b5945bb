import type { Archive } from '@tailrace/archive';
import { createDeletedEntriesOf, type Shard } from '@tailrace/query';
import type { Entry, RetentionDays } from '@tailrace/schema';
import { RequestError } from '../http/errors/request-error.js';

/** Deletes and restores entries one by one, in Redis and in the archive. */
export interface EntryDeletion {
  /** @throws RequestError where it cannot be deleted here */
  remove(entry: Entry): Promise<void>;
  /** @returns `false` where it is not deleted, or has expired */
  restore(id: string): Promise<boolean>;
}

/** @see EntryDeletion */
export function createEntryDeletion({
  shards,
  retentionDays,
  archive,
}: {
  readonly shards: readonly Shard[];
  readonly retentionDays: RetentionDays;
  /** @default Redis alone has entries */
  readonly archive: Archive | undefined;
}): EntryDeletion {
  const inRedis = createDeletedEntriesOf(shards, { retentionDays });
  return {
    async remove(entry) {
      if (archive === undefined) await refuseBesideArchive(shards[0] as Shard);
      // Files first: once its event is out of the stream, an entry that is deleted in Redis alone would never get there.
      try {
        await archive?.hide(entry.id);
      } catch (error) {
        if (!(error instanceof Error && error.name === 'TooManyHiddenError')) throw error;
        throw new RequestError('conflict', error.message, 'id', { cause: error });
      }
      await inRedis.remove(entry);
    },
    async restore(id) {
      const isInRedis = await inRedis.restore(id);
      const isInFiles = (await archive?.show(id)) ?? false;
      return isInRedis || isInFiles;
    },
  };
}

/** The archive of another gateway would go on to show it. */
async function refuseBesideArchive({ redis, keyspace }: Shard): Promise<void> {
  if ((await redis.hexists(keyspace.archive(), 'id')) === 0) return;
  const message = 'another gateway has the archive of these entries; allowed: to delete them there';
  throw new RequestError('conflict', message, 'id');
}
