import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@tailrace/logger/internal';
import { createShardedTail, createTail } from '@tailrace/query';
import { openStores } from '@tailrace/redis';
import { Keyspace, shardOf } from '@tailrace/schema';
import { startRedisCluster } from '@tailrace/test-engines';

const SHARDS = 16;
/** Of `{s7}`, as CLUSTER KEYSLOT says. */
const SHARD = { number: 7, slot: 7_102 };
const EVERY_MS = 20;

/** How long a shard was without entries, in milliseconds from the kill on, at each kill. */
export interface Failovers {
  readonly nodeTimeoutMs: number;
  /** Until the first entry that was logged after it was stored. */
  readonly stored: readonly number[];
  /** Until a follower had that entry. */
  readonly followed: readonly number[];
}

/** Kills the master of one shard again and again, while that shard is logged to and followed. */
export async function measureFailovers(kills: number): Promise<Failovers> {
  const nodeTimeoutMs = 1_500;
  const cluster = await startRedisCluster({ nodeTimeoutMs });
  const stores = await openStores(cluster.url, () => {});
  const tail = createShardedTail(
    stores.shards.map(({ redis, connectBlocking }, shard) =>
      createTail({ redis, connect: connectBlocking, keyspace: new Keyspace({ shard }) }),
    ),
  );
  const logger = new Logger({ redis: cluster.url, spoolDir: false, onError: () => {} });
  const client_ip = addressOf(SHARD.number);
  const logging = setInterval(() => logger.log('INFO', 'alive', { client_ip }), EVERY_MS);
  const [stored, followed]: [number[], number[]] = [[], []];
  try {
    const following = await tail.follow({ filter: {} });
    for (let i = 0; i < kills; i++) {
      await sleep(2_000);
      const master = await cluster.masterOf(SHARD.slot);
      process.kill(master.pid, 'SIGKILL');
      const killedAt = Date.now();
      for (let isBack = false; !isBack; ) {
        for (const event of (await following.next(1_000)) ?? []) {
          if (isBack || event.type !== 'entry' || event.entry.timestamp <= killedAt) continue;
          isBack = true;
          stored.push(Number(event.streamId.split('-')[0]) - killedAt);
          followed.push(Date.now() - killedAt);
        }
      }
      await cluster.restart(master.port);
      await cluster.whole();
    }
    following.leave();
    return { nodeTimeoutMs, stored, followed };
  } finally {
    clearInterval(logging);
    await logger.close(1_000);
    tail.close();
    stores.close();
    await cluster.stop();
  }
}

function addressOf(shard: number): string {
  for (let i = 0; ; i++) {
    const address = `192.0.2.${i}`;
    if (shardOf({ client_ip: address }, SHARDS) === shard) return address;
  }
}
