import type { Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';

/** A part of what is stored, all of whose keys are on one server. Without a cluster there is one, which has everything. */
export interface Shard {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
}
