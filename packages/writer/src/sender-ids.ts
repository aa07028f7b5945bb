import { type Keyspace, shardOf } from '@tailrace/schema';
import type { Redis } from 'ioredis';

/** Knows what senders call their entries and requests, for all gateways of a store. */
export interface SenderIds {
  /**
   * Notes what is sent under a key, for a day from the first time on.
   *
   * @param digest of what is sent
   * @returns `false` when something else was sent under the key
   * @throws what the connection throws
   */
  claim(key: string, digest: string): Promise<boolean>;
  /** @returns the id of the entry that was stored under an id of its sender's own, `undefined` where none is known */
  entryId(ownId: string): Promise<string | undefined>;
}

const KEPT_S = 86_400;

/** Where they are noted: one server, or one shard of a cluster. */
export interface SenderIdsPlace {
  readonly redis: Pick<Redis, 'set' | 'get'>;
  readonly keyspace: Keyspace;
}

/** @see SenderIds */
export function createSenderIds(place: SenderIdsPlace): SenderIds {
  return createSenderIdsOf([place]);
}

/** The same of all shards of a cluster. An entry's own id is known on the shard the entry is on, which is any. */
export function createSenderIdsOf(shards: readonly SenderIdsPlace[]): SenderIds {
  return {
    async claim(key, digest) {
      const shard = shardOf({ trace_id: key }, shards.length) as number;
      const { redis, keyspace } = shards[shard] as SenderIdsPlace;
      const name = keyspace.requestKey(key);
      for (;;) {
        if ((await redis.set(name, digest, 'EX', KEPT_S, 'NX')) !== null) return true;
        const known = await redis.get(name);
        // It may have expired in between.
        if (known !== null) return known === digest;
      }
    },
    async entryId(ownId) {
      const known = await Promise.all(shards.map(({ redis, keyspace }) => redis.get(keyspace.ownId(ownId))));
      return known.find((id) => id !== null) ?? undefined;
    },
  };
}
