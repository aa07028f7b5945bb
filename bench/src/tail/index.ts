import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import type { Seen } from './followers.js';

const RATE = 1_000;
const DEFAULT_SECONDS = 8;
const FOLLOWERS = 1_000;
/** Time for the last batch to arrive. */
const SETTLE_MS = 1_500;
const GATEWAY_MAIN = fileURLToPath(new URL('../../../apps/gateway/dist/main.js', import.meta.url));

/** What one run showed. */
interface Figures {
  readonly name: string;
  readonly followers: number;
  readonly written: number;
  readonly seen: Seen;
  /** CPU of the gateway in the run, in milliseconds a second. */
  readonly gatewayCpu: number;
  /** Resident memory of the gateway that the followers added, in bytes. */
  readonly memory: number;
}

/**
 * Logs 1,000 entries a second in one process and times each from the call to the line at a follower in another, by way of
 * the gateway's Server-Sent Events: one follower of all, and then 1,000 followers of a user each.
 *
 * @param options.entries entries of each run. @default 8000
 */
export async function benchTail(options: { readonly entries?: number }): Promise<BenchTable> {
  const seconds = Math.max(1, Math.round((options.entries ?? RATE * DEFAULT_SECONDS) / RATE));
  const server = await startRedisServer();
  try {
    const runs = [
      await run(server.url, 'one follower of all', 1, undefined, seconds),
      await run(server.url, '1,000 followers, 1,000 filters', FOLLOWERS, FOLLOWERS, seconds),
      await run(server.url, '1,000 followers, 10 filters', FOLLOWERS, 10, seconds),
    ];
    return {
      title: `tail: ${RATE} entries/s for ${seconds} s, from log_info to the line at a follower`,
      columns: [
        'followers',
        'lines',
        'not seen',
        'p50 ms',
        'p99 ms',
        'gateway CPU %',
        'µs/s a follower',
        'KB a follower',
      ],
      rows: runs.map(row),
      notes: [
        'A batch leaves within 100 ms of its first entry, which is in these times.',
        'Writer, Redis, gateway and followers share the machine; all followers are one process.',
        'KB a follower: what the resident memory of the gateway grew by when they had connected.',
      ],
    };
  } finally {
    await server.stop();
  }
}

async function run(
  redisUrl: string,
  name: string,
  count: number,
  users: number | undefined,
  seconds: number,
): Promise<Figures> {
  const gateway = await startGateway(redisUrl);
  const children: ChildProcess[] = [gateway.child];
  try {
    await warmUp(gateway.url);
    const memory = await memoryOf(gateway.child);
    const args = [gateway.url, count, ...(users === undefined ? [] : [users])].map(String);
    const followers = fork(new URL('./followers.js', import.meta.url), args);
    children.push(followers);
    await reply(followers);
    await sleep(SETTLE_MS);
    const grown = (await memoryOf(gateway.child)) - memory;
    const cpu = await cpuOf(gateway.child);
    const writerArgs = [redisUrl, RATE, seconds, users ?? 1].map(String);
    const writer = fork(new URL('./writer.js', import.meta.url), writerArgs);
    const written = Number(await reply(writer));
    const gatewayCpu = ((await cpuOf(gateway.child)) - cpu) / seconds;
    await sleep(SETTLE_MS);
    followers.send('seen');
    const seen = (await reply(followers)) as Seen;
    return {
      name,
      followers: count,
      written: (written * count) / (users ?? 1),
      seen,
      gatewayCpu,
      memory: grown,
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** Some streams that have come and gone, so that code that runs once is not taken for what a follower takes. */
async function warmUp(url: string): Promise<void> {
  for (let n = 0; n < 10; n++) {
    const ending = new AbortController();
    const response = await fetch(`${url}/logs/stream`, { signal: ending.signal });
    await response.body?.getReader().read();
    ending.abort();
  }
  await sleep(SETTLE_MS);
}

async function startGateway(
  redisUrl: string,
): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, [GATEWAY_MAIN], {
    env: {
      ...process.env,
      PORT: '0',
      REDIS_URL: redisUrl,
      MAX_FOLLOWERS: String(2 * FOLLOWERS),
      MAX_CLIENT_SHARE: '100',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let banner = '';
  for await (const chunk of child.stdout) {
    banner += String(chunk);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(banner)?.[0];
    if (url !== undefined && banner.endsWith('\n\n')) return { url, child };
  }
  throw new Error(`the gateway did not start: ${banner}`);
}

async function reply(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`a process ended with ${code}`)),
  );
  ended.catch(() => undefined);
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return message;
}

/** Resident memory in bytes, as Linux says it. */
async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024;
}

/** CPU time in milliseconds, user and system, as Linux says it (in ticks of 10 ms). */
async function cpuOf({ pid }: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14);
  return (Number(user) + Number(system)) * 10;
}

function row({ name, followers, written, seen, gatewayCpu, memory }: Figures): (string | number)[] {
  const sorted = [...seen.latenciesMs].sort((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
  return [
    name,
    seen.entries,
    written - seen.entries,
    at(0.5),
    at(0.99),
    Math.round(gatewayCpu / 10),
    Math.round((gatewayCpu * 1_000) / followers),
    followers === 1 ? '-' : Math.round(memory / followers / 1_024),
  ];
}
