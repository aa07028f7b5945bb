import type { Stores } from '@tailrace/redis';
import { Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';

/** A part of what is stored, all of whose keys are on one server. Without a cluster there is one, which has everything. */
export interface Shard {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
}

/** The shards of some stores, one server as one without a tag. */
export function shardsOf({ topology, shards }: Stores, prefix: string): readonly Shard[] {
  return shards.map(({ redis }, shard) => ({
    redis,
    keyspace: new Keyspace({ prefix, ...(topology === 'cluster' && { shard }) }),
  }));
}
