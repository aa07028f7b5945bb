import { Keyspace } from '@tailrace/schema';
import type { RedisCluster } from '@tailrace/test-engines';
import { readContents, type StoreContents } from './store-contents.js';
import { connectTo } from './stored-keys.js';

/** Reads every shard of a cluster from its master. */
export async function readClusterContents(cluster: RedisCluster, shards: number): Promise<StoreContents> {
  const all = { hashes: [] as string[], streamed: [] as string[], indexed: 0, counted: 0, written: 0 };
  for (let shard = 0; shard < shards; shard++) {
    const keyspace = new Keyspace({ shard });
    const redis = connectTo((await cluster.masterOf(await slotOf(cluster, keyspace.base))).url);
    try {
      const { hashes, streamed, indexed, counted, written } = await readContents(redis, keyspace);
      all.hashes.push(...hashes);
      all.streamed.push(...streamed);
      all.indexed += indexed;
      all.counted += counted;
      all.written += written;
    } finally {
      redis.disconnect();
    }
  }
  return all;
}

/** The slot of the keys that begin so. */
export async function slotOf(cluster: RedisCluster, base: string): Promise<number> {
  for (const node of cluster.nodes) {
    const redis = connectTo(node.url);
    redis.on('error', () => {});
    try {
      return Number(await redis.call('CLUSTER', 'KEYSLOT', base));
    } catch {
      // The next one may run.
    } finally {
      redis.disconnect();
    }
  }
  throw new Error('no node answers');
}
