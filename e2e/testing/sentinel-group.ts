import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { quietPort } from './quiet-port.js';
import { startSentinel } from './sentinel-process.js';

/** A master, a replica, and three Sentinels that watch them. */
export interface SentinelGroup {
  /** `redis+sentinel://…/NAME` */
  readonly url: string;
  readonly name: string;
  /** Kills the master, once the replica has all it has acknowledged, and resolves when the replica has become the master. */
  failOver(): Promise<RedisServer>;
  /**
   * Kills the master in the middle of what it does, waits for the replica to take its place, and brings the old one back as a
   * replica that is in step.
   */
  failOverAndBack(): Promise<void>;
  /** The server that is the master, once its replica is in step: Sentinels on a busy machine may have changed their mind. */
  master(): Promise<RedisServer>;
  stop(): Promise<void>;
}

const SENTINELS = 3;
const NAME = 'logs';

/** Starts a group on loopback, which fails over within some two seconds. */
export async function startSentinelGroup(): Promise<SentinelGroup> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-sentinel-'));
  const start = (port: number, ...settings: readonly string[]) =>
    startRedisServer({ port, settings: ['--repl-diskless-sync-delay', '0', ...settings] });
  const replicaOf = (master: RedisServer, port = quietPort()) =>
    start(port, '--replicaof', '127.0.0.1', String(master.port));
  const first = await start(quietPort());
  const servers: [RedisServer, RedisServer] = [first, await replicaOf(first)];
  const master = async () => {
    for (;;) {
      for (const server of servers) if (hasReplica(await replicationOf(server))) return server;
      await sleep(50);
    }
  };
  await master();
  const ports = Array.from({ length: SENTINELS }, () => quietPort());
  const sentinels = await Promise.all(
    ports.map((port) =>
      startSentinel({
        folder,
        port,
        settings: [
          `port ${port}`,
          `sentinel monitor ${NAME} 127.0.0.1 ${first.port} 2`,
          `sentinel down-after-milliseconds ${NAME} 500`,
          `sentinel failover-timeout ${NAME} 3000`,
        ],
      }),
    ),
  );
  const asked = new Redis({ port: ports[0] as number, lazyConnect: true });
  asked.on('error', () => {});
  await asked.connect();
  for (let known = ''; known !== `1 ${SENTINELS - 1}`; await sleep(50)) {
    const [fields = []] = (await asked.call('SENTINEL', 'MASTERS')) as string[][];
    const field = (name: string) => fields[fields.indexOf(name) + 1];
    known = `${field('num-slaves')} ${field('num-other-sentinels')}`;
  }
  return {
    url: `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    name: NAME,
    master,
    async failOverAndBack() {
      const old = await master();
      const at = servers.indexOf(old);
      const next = servers[1 - at] as RedisServer;
      await old.stop();
      while (!isMaster(await replicationOf(next))) await sleep(50);
      servers[at] = await replicaOf(next, old.port);
      await master();
    },
    async failOver() {
      const old = await master();
      const next = servers[1 - servers.indexOf(old)] as RedisServer;
      while (offsetOf(await replicationOf(next)) < offsetOf(await replicationOf(old))) await sleep(50);
      await old.stop();
      while (!isMaster(await replicationOf(next))) await sleep(50);
      return next;
    },
    async stop() {
      asked.disconnect();
      for (const stop of sentinels) await stop();
      for (const server of servers) await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** `INFO replication` of a server; empty while it does not answer. */
async function replicationOf({ url }: RedisServer): Promise<string> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await redis.info('replication');
  } catch {
    return '';
  } finally {
    redis.disconnect();
  }
}

function isMaster(replication: string): boolean {
  return replication.includes('role:master');
}

function hasReplica(replication: string): boolean {
  return isMaster(replication) && /slave0:.*state=online/.test(replication);
}

function offsetOf(replication: string): number {
  return Number(/master_repl_offset:(\d+)/.exec(replication)?.[1] ?? 0);
}
