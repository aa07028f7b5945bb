import { type Entry, Keyspace, shardOf } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { Shard } from '../shards/shard.js';
import { storeEntries } from './store-entries.js';

/** The shards of a cluster, all on one server: what is asked of them is the same. */
export interface OpenShards {
  readonly shards: readonly Shard[];
  /** Where an entry is, as a writer would have it; what may be anywhere goes to one after the other. */
  keyspaceOf(entry: Pick<Entry, 'client_ip' | 'trace_id'>): Keyspace;
  /** Stores each entry where its id says. */
  store(entries: readonly Entry[], now: number): Promise<void>;
}

/** @param count 1: a server without shards */
export function openShards(redis: Redis, prefix: string, count: number): OpenShards {
  const shards = Array.from({ length: count }, (_, shard) => ({
    redis,
    keyspace: new Keyspace({ prefix, ...(count > 1 && { shard }) }),
  }));
  let turn = 0;
  return {
    shards,
    keyspaceOf(entry) {
      const shard = count === 1 ? 0 : (shardOf(entry, count) ?? turn++ % count);
      return (shards[shard] as Shard).keyspace;
    },
    async store(entries, now) {
      for (const { keyspace } of shards) {
        const own = entries.filter(({ id }) => id.startsWith(keyspace.base));
        if (own.length > 0) await storeEntries(redis, keyspace, own, now);
      }
    },
  };
}
