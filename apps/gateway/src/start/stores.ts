import {
  checkShardCount,
  checkStorageVersion,
  createShardedTail,
  createTail,
  type Shard,
  type Tail,
} from '@tailrace/query';
import { openStores, StoreError, type Stores } from '@tailrace/redis';
import { ShardCountError, StorageVersionError } from '@tailrace/schema';
import type { EngineTopology } from '../http/gateway-env.js';
import { StartError } from './start-error.js';

/** How far a follower may be behind, in UTF-16 code units of JSON. */
const MAX_FOLLOWER_SIZE = 16_777_216;

/** Connects to the Redis of the settings. @throws StartError that names it */
export async function openStoresAt(url: string, report: (text: string) => void): Promise<Stores> {
  try {
    return await openStores(url, report);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new StartError(`REDIS_URL ${error.message}`, { cause: error });
  }
}

/** Follows all shards of the store. */
export function tailOf(stores: Stores, shards: readonly Shard[]): Tail {
  const tails = shards.map((shard, i) =>
    createTail({
      ...shard,
      connect: () => (stores.shards[i] as Stores['shards'][number]).connectBlocking(),
      // What waits for one follower is bounded, however many shards there are.
      maxBufferedSize: Math.ceil(MAX_FOLLOWER_SIZE / shards.length),
    }),
  );
  return stores.topology === 'cluster' ? createShardedTail(tails) : (tails[0] as Tail);
}

/** What the store is made of, and which of its shards do not answer now. */
export async function topologyOf(stores: Stores): Promise<EngineTopology> {
  const answers = await Promise.all(
    stores.shards.map(({ redis }) =>
      redis.ping().then(
        () => true,
        () => false,
      ),
    ),
  );
  return {
    kind: stores.topology,
    nodes: stores.masters(),
    shards: answers.length,
    away: answers.flatMap((isThere, shard) => (isThere ? [] : [shard])),
  };
}

/** @throws StartError for a store of another version, or with another number of shards */
export async function checkStorage(shards: readonly Shard[]): Promise<void> {
  try {
    await Promise.all(shards.map(checkStorageVersion));
    if (shards.length > 1) await checkShardCount(shards);
  } catch (error) {
    if (!(error instanceof StorageVersionError || error instanceof ShardCountError)) throw error;
    throw new StartError(`REDIS_URL cannot be used: ${error.message}`, { cause: error });
  }
}
