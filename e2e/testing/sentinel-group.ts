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
  stop(): Promise<void>;
}

const SENTINELS = 3;
const NAME = 'logs';

/** Starts a group on loopback, which fails over within some two seconds. */
export async function startSentinelGroup(): Promise<SentinelGroup> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-sentinel-'));
  const master = await startRedisServer({ port: quietPort() });
  const replica = await startRedisServer({
    port: quietPort(),
    settings: ['--replicaof', '127.0.0.1', String(master.port)],
  });
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
