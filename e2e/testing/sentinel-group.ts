import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { quietPort } from './quiet-port.js';

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
  /** The server that is the master now. */
  readonly master: RedisServer;
  stop(): Promise<void>;
}

const SENTINELS = 3;
const NAME = 'logs';

/** Starts a group on loopback, which fails over within some two seconds. */
export async function startSentinelGroup(): Promise<SentinelGroup> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-sentinel-'));
  const settings = ['--repl-diskless-sync-delay', '0'];
  let master = await startRedisServer({ port: quietPort(), settings });
  /** Resolves when the replica has all that the master had. */
  const replicaOf = async ({ url, port }: RedisServer, ownPort = quietPort()) => {
    const server = await startRedisServer({
      port: ownPort,
      settings: [...settings, '--replicaof', '127.0.0.1', String(port)],
    });
    const asked = new Redis(url);
    await until(async () => /slave0:.*state=online/.test(await asked.info('replication')));
    asked.disconnect();
    return server;
  };
  let replica = await replicaOf(master);
  const ports = Array.from({ length: SENTINELS }, () => quietPort());
  const sentinels = await Promise.all(ports.map((port) => startSentinel(folder, port, master.port)));
  const asked = new Redis({ port: ports[0] as number, lazyConnect: true });
  asked.on('error', () => {});
  await asked.connect();
  await until(async () => {
    const [fields] = (await asked.call('SENTINEL', 'MASTERS')) as string[][];
    const field = (name: string) => Number(fields?.[fields.indexOf(name) + 1]);
    return field('num-slaves') === 1 && field('num-other-sentinels') === SENTINELS - 1;
  });
  return {
    url: `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    name: NAME,
    get master() {
      return master;
    },
    async failOverAndBack() {
      await master.stop();
      const next = new Redis(replica.url);
      await until(async () => (await next.info('replication')).includes('role:master'));
      next.disconnect();
      [master, replica] = [replica, await replicaOf(replica, master.port)];
    },
    async failOver() {
      const [old, next] = [new Redis(master.url), new Redis(replica.url)];
      await until(async () => {
        const offset = async (redis: Redis) =>
          Number(/master_repl_offset:(\d+)/.exec(await redis.info('replication'))?.[1]);
        return (await offset(next)) >= (await offset(old));
      });
      old.disconnect();
      await master.stop();
      await until(async () => (await next.info('replication')).includes('role:master'));
      next.disconnect();
      return replica;
    },
    async stop() {
      asked.disconnect();
      for (const stop of sentinels) await stop();
      await replica.stop();
      await master.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function startSentinel(folder: string, port: number, masterPort: number): Promise<() => Promise<void>> {
  const file = join(folder, `${port}.conf`);
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor ${NAME} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${NAME} 500`,
    `sentinel failover-timeout ${NAME} 3000`,
  ];
  await writeFile(file, `${settings.join('\n')}\n`);
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout) if (String(chunk).includes('Sentinel ID is')) break;
  child.stdout.resume();
  return async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 50));
}
