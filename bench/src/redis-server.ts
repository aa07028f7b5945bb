import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** A redis-server of the bench's own, in memory. */
export interface BenchServer {
  readonly url: string;
  readonly port: number;
  readonly redis: Redis;
  /** CPU seconds it has used, user and system. */
  cpuSeconds(): Promise<number>;
  usedMemory(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * @param atPort @default a free port
 * @throws when no redis-server is on PATH.
 */
export async function startRedisServer(
  settings: readonly string[] = [],
  atPort?: number,
): Promise<BenchServer> {
  const port = atPort ?? (await freePort());
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    ...settings,
  ];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))]);
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  await redis.ping();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    redis,
    cpuSeconds: async () => {
      const info = await redis.info('cpu');
      return number(info, 'used_cpu_sys') + number(info, 'used_cpu_user');
    },
    usedMemory: async () => number(await redis.info('memory'), 'used_memory'),
    stop: () => stop(redis, child),
  };
}

async function stop(redis: Redis, child: ChildProcess): Promise<void> {
  redis.disconnect();
  child.kill();
  await Promise.race([once(child, 'exit'), sleep(2_000)]);
  child.kill('SIGKILL');
}

function number(info: string, name: string): number {
  return Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
