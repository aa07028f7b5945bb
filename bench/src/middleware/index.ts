import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import { CONTENDERS } from './contenders.js';
import type { Question } from './server.js';

const ROUNDS = 3;
/** autocannon ends at whole seconds, so a round is given in them. */
const ROUND_SECONDS = 1;
const CONNECTIONS = 32;

/**
 * One route of a Hono app on Node under autocannon: bare, with Hono's logger, with pino-http and with Tailrace. Each
 * server is a process of its own; rounds of the contenders alternate, and medians are compared.
 */
export async function benchMiddleware(): Promise<BenchTable> {
  const redis = await startRedisServer();
  const names = Object.keys(CONTENDERS);
  const servers: Server[] = [];
  try {
    for (const name of names) servers.push(await startServer(name, redis.url));
    for (const server of servers) await load(server);
    const rounds = servers.map((): Round[] => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, server] of servers.entries()) rounds[i]?.push(await load(server));
    }
    for (const server of servers) {
      const { lost } = await ask<{ lost: number }>(server.process, 'finish');
      if (lost > 0)
        throw new Error(`${lost} entries were lost; the figures would be of requests that do less`);
    }
    return table(names, rounds);
  } finally {
    for (const server of servers) server.process.disconnect();
    await redis.stop();
  }
}

interface Server {
  readonly process: ChildProcess;
  readonly url: string;
}

interface Round {
  readonly requestsPerSecond: number;
  readonly cpuMicros: number;
}

async function startServer(name: string, redisUrl: string): Promise<Server> {
  const child = fork(fileURLToPath(new URL('server.js', import.meta.url)), [name, redisUrl]);
  const [{ port }] = await once(child, 'message');
  return { process: child, url: `http://127.0.0.1:${port}/users/42?sort=name` };
}

async function ask<Answer>(child: ChildProcess, question: Question): Promise<Answer> {
  const answered = once(child, 'message');
  child.send(question);
  const [answer] = await answered;
  return answer;
}

async function load({ process: child, url }: Server): Promise<Round> {
  const before = await ask<{ cpuMs: number }>(child, 'cpu');
  const {
    errors,
    non2xx,
    '2xx': requests,
  } = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: ROUND_SECONDS,
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0' },
  });
  const after = await ask<{ cpuMs: number }>(child, 'cpu');
  if (errors + non2xx > 0) throw new Error(`${errors} errors and ${non2xx} answers that are none`);
  return {
    requestsPerSecond: requests / ROUND_SECONDS,
    cpuMicros: ((after.cpuMs - before.cpuMs) * 1_000) / requests,
  };
}

function table(names: readonly string[], rounds: readonly (readonly Round[])[]): BenchTable {
  const cpu = rounds.map((own) => median(own.map(({ cpuMicros }) => cpuMicros)));
  const [bare = Number.NaN] = cpu;
  return {
    title: `middleware: a Hono app on Node, ${CONNECTIONS} connections, median of ${ROUNDS} rounds of ${ROUND_SECONDS} s`,
    columns: ['logging', 'requests/s', 'CPU µs/request', 'over bare'],
    rows: names.map((name, i) => [
      name,
      Math.round(median((rounds[i] ?? []).map(({ requestsPerSecond }) => requestsPerSecond))),
      (cpu[i] ?? Number.NaN).toFixed(1),
      ((cpu[i] ?? Number.NaN) - bare).toFixed(1),
    ]),
    notes: [
      'CPU is that of the server process, with all its threads; the load comes from another process.',
      'Requests per second depend on how many cores load, server and Redis share; CPU a request does a little: who is interrupted often finds its caches cold.',
    ],
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
