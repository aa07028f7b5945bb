import { redisScript, runScript } from '@tailrace/redis';
import { DAY_MS, type Entry, type RetentionDays, scoreOf, shardOfId, storageRowOf } from '@tailrace/schema';
import { indexKeysOf } from '../clear/entry-keys.js';
import type { Shard } from '../shards/shard.js';
import { DELETE_ENTRY_LUA } from './delete-entry.lua.js';
import { removeEvent } from './remove-event.js';
import { RESTORE_ENTRY_LUA } from './restore-entry.lua.js';

/** Entries of Redis that were deleted one by one, and can be restored until they expire. */
export interface DeletedEntries {
  /**
   * Takes an entry out of every index and out of the stream; no read finds it from here on. Counters have counted it.
   *
   * @returns `false` where Redis does not have it, or it is deleted already
   */
  remove(entry: Entry): Promise<boolean>;
  /** Puts it back into the indexes it was in. @returns `false` where it is not deleted, or has expired */
  restore(id: string): Promise<boolean>;
}

/** @see createDeletedEntriesOf */
export interface DeletedEntriesOptions {
  readonly retentionDays: RetentionDays;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** Makes what deletes and restores entries of all shards; one server is one shard. */
export function createDeletedEntriesOf(
  shards: readonly Shard[],
  { retentionDays, now = Date.now }: DeletedEntriesOptions,
): DeletedEntries {
  const keptMs = Math.ceil((Math.max(...Object.values(retentionDays)) + 1) * DAY_MS);

  function shardWith(id: string): Shard | undefined {
    const shard = shards[shardOfId(id) ?? 0];
    const row = shard && storageRowOf(id, shard.keyspace.base);
    return row !== undefined && /^(req|log):/.test(row.key) ? shard : undefined;
  }

  return {
    async remove(entry) {
      const shard = shardWith(entry.id);
      if (shard === undefined) return false;
      const { redis, keyspace } = shard;
      const keys = [entry.id, keyspace.deleted(), ...indexKeysOf(entry, keyspace)];
      const oldest = scoreOf({ timestamp: Math.max(0, now() - keptMs) });
      const isRemoved = (await runScript(redis, DELETE_SCRIPT, keys, [now(), oldest, keptMs])) === 1;
      await removeEvent(redis, keyspace, entry);
      return isRemoved;
    },

    async restore(id) {
      const shard = shardWith(id);
      if (shard === undefined) return false;
      const { redis, keyspace } = shard;
      const [deleted, from] = await redis.hmget(id, 'deleted', 'deleted_from');
      if (deleted === null || deleted === undefined) return false;
      const places = (from ?? '').split('\n').filter((key) => key !== '');
      const keys = [id, keyspace.deleted(), ...places];
      return (await runScript(redis, RESTORE_SCRIPT, keys, [deleted, keptMs])) === 1;
    },
  };
}

const DELETE_SCRIPT = redisScript(DELETE_ENTRY_LUA);
const RESTORE_SCRIPT = redisScript(RESTORE_ENTRY_LUA);
