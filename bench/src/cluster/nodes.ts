import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchServer, startRedisServer } from '../redis-server.js';

const SLOTS = 16_384;

/** Masters with the slots of a Cluster, in equal parts. */
export interface BenchCluster {
  /** `redis://` of one server without slots, `redis+cluster://` otherwise. */
  readonly url: string;
  readonly servers: readonly BenchServer[];
  stop(): Promise<void>;
}

/** One server as it is. */
export async function startOne(): Promise<BenchCluster> {
  const server = await startRedisServer();
  return { url: server.url, servers: [server], stop: () => server.stop() };
}

/** A Cluster of so many masters, without replicas. */
export async function startMasters(count: number): Promise<BenchCluster> {
  const servers: BenchServer[] = [];
  for (let i = 0; i < count; i++) {
    const name = `/dev/shm/tailrace-bench-${process.pid}-${count}-${i}.conf`;
    servers.push(
      await startRedisServer(['--cluster-enabled', 'yes', '--cluster-config-file', name, '--dir', '/tmp']),
    );
  }
  const [first] = servers as [BenchServer];
  const part = Math.ceil(SLOTS / count);
  for (const [i, { redis }] of servers.entries()) {
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', i * part, Math.min(SLOTS, (i + 1) * part) - 1);
    if (i > 0) await redis.call('CLUSTER', 'MEET', '127.0.0.1', first.port);
  }
  for (const { redis } of servers) {
    while (!String(await redis.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await sleep(50);
  }
  return {
    url: `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    servers,
    async stop() {
      for (const server of servers) await server.stop();
    },
  };
}
