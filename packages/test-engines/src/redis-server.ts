import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether a `redis-server` is on PATH. */
export const hasRedisServer: boolean = spawnSync('redis-server', ['--version']).status === 0;

/** A running `redis-server`. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** What a test may want of its server. */
export interface RedisServerOptions {
  /** @default a free port */
  readonly port?: number;
  /** Further command line settings, such as `--appendonly yes`. */
  readonly settings?: readonly string[];
}

/** Starts a `redis-server` on loopback, in memory unless the settings say otherwise. */
export async function startRedisServer({
  port,
  settings = [],
}: RedisServerOptions = {}): Promise<RedisServer> {
  const ownPort = port ?? (await freePort());
  const dump = `tailrace-${ownPort}-${randomUUID()}.rdb`;
  const args = [
    '--port',
    String(ownPort),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    // A replica writes what it is sent into a file, which the next server in that folder would read.
    '--dir',
    tmpdir(),
    '--dbfilename',
    dump,
    ...settings,
  ];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let isReady = false;
  for await (const chunk of child.stdout) {
    output += String(chunk);
    isReady = output.includes('Ready to accept connections');
    if (isReady) break;
  }
  if (!isReady) throw new Error(`redis-server did not start: ${output}`);
  return {
    url: `redis://127.0.0.1:${ownPort}`,
    port: ownPort,
    pid: child.pid as number,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      await rm(join(tmpdir(), dump), { force: true });
    },
  };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
