import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { startEmbeddedEngine } from '@tailrace/embedded';

/** An engine for tests. */
export interface TestEngine {
  readonly name: string;
  start(): Promise<RunningEngine>;
}

/** @see TestEngine */
export interface RunningEngine {
  readonly url: string;
  stop(): Promise<void>;
}

const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;

/** The embedded engine always, `redis-server` where one is on PATH. */
export const TEST_ENGINES: readonly TestEngine[] = [
  { name: 'embedded', start: () => startEmbeddedEngine() },
  ...(hasRedisServer ? [{ name: 'redis-server', start: startRedisServer }] : []),
];

async function startRedisServer(): Promise<RunningEngine> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await readiness(child);
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

async function readiness(child: ChildProcess): Promise<void> {
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk);
    if (output.includes('Ready to accept connections')) {
      child.stdout?.resume();
      return;
    }
  }
  throw new Error(`redis-server did not start: ${output}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
