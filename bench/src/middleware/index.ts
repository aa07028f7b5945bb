import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import { CONTENDERS } from './contenders.js';
import { pacedLoad } from './paced-load.js';
import type { Question } from './server.js';

const ROUNDS = 5;
/** autocannon ends at whole seconds, so a round is given in them. */
const ROUND_SECONDS = 1;
const CONNECTIONS = 32;
/** After a load, until what it made is measured. */
const SETTLE_MS = 300;
/** Requests a second of a server that has time to spare. */
const PACES = [1_000, 5_000];
const HEADERS = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0' };

/**
 * One route of a Hono app on Node: bare, with Hono's logger, with pino-http and with Tailrace; as fast as it answers
 * autocannon, and at even paces below that. Each server is a process of its own; rounds of the contenders alternate, and
 * medians are compared.
 */
export async function benchMiddleware(): Promise<BenchTable> {
  const redis = await startRedisServer();
  const names = Object.keys(CONTENDERS);
  const servers: Server[] = [];
  try {
    for (const name of names) servers.push(await startServer(name, redis.url));
    for (const server of servers) await fullLoad(server);
    const full = await inTurns(servers, fullLoad);
    const paced: (readonly Round[])[][] = [];
    for (const pace of PACES) paced.push(await inTurns(servers, (server) => evenLoad(server, pace)));
    for (const server of servers) {
      const { lost } = await ask<{ lost: number }>(server.process, 'finish');
      if (lost > 0)
        throw new Error(`${lost} entries were lost; the figures would be of requests that do less`);
    }
    return table(names, full, paced);
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

/** @returns the rounds of each server. */
async function inTurns(
  servers: readonly Server[],
  load: (server: Server) => Promise<Round>,
): Promise<(readonly Round[])[]> {
  const rounds = servers.map((): Round[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, server] of servers.entries()) rounds[i]?.push(await load(server));
  }
  return rounds;
}

function fullLoad(server: Server): Promise<Round> {
  return measured(server, async () => {
    const {
      errors,
      non2xx,
      '2xx': requests,
    } = await autocannon({
      url: server.url,
      connections: CONNECTIONS,
      duration: ROUND_SECONDS,
      headers: HEADERS,
    });
    if (errors + non2xx > 0) throw new Error(`${errors} errors and ${non2xx} answers that are none`);
    return requests;
  });
}

function evenLoad(server: Server, requestsPerSecond: number): Promise<Round> {
  const load = { url: server.url, headers: HEADERS, connections: CONNECTIONS, requestsPerSecond };
  return measured(server, () => pacedLoad({ ...load, seconds: ROUND_SECONDS }));
}

/** @param load resolves with how many requests were answered */
async function measured({ process: child }: Server, load: () => Promise<number>): Promise<Round> {
  const before = await ask<{ cpuMs: number }>(child, 'cpu');
  const requests = await load();
  // What is logged is written, or on its way, a little later.
  await sleep(SETTLE_MS);
  const after = await ask<{ cpuMs: number }>(child, 'cpu');
  return {
    requestsPerSecond: requests / ROUND_SECONDS,
    cpuMicros: ((after.cpuMs - before.cpuMs) * 1_000) / requests,
  };
}

function table(
  names: readonly string[],
  full: readonly (readonly Round[])[],
  paced: readonly (readonly (readonly Round[])[])[],
): BenchTable {
  const cpu = cpuOf(full);
  const over = [cpu, ...paced.map(cpuOf)].map((values) =>
    values.map((value) => value - (values[0] ?? Number.NaN)),
  );
  return {
    title: `middleware: a Hono app on Node, ${CONNECTIONS} connections, median of ${ROUNDS} rounds of ${ROUND_SECONDS} s`,
    columns: [
      'logging',
      'requests/s',
      'CPU µs/request',
      'over bare',
      ...PACES.map((pace) => `at ${pace.toLocaleString('en-US')}/s over bare`),
    ],
    rows: names.map((name, i) => [
      name,
      Math.round(median((full[i] ?? []).map(({ requestsPerSecond }) => requestsPerSecond))),
      (cpu[i] ?? Number.NaN).toFixed(1),
      ...over.map((values) => (values[i] ?? Number.NaN).toFixed(1)),
    ]),
    notes: [
      'CPU is that of the server process, with all its threads; the load comes from another process.',
      'the first three columns: as fast as it answers autocannon, with load, server and Redis on the same cores',
      'at a pace: so many requests a second, evenly; a server that waits between requests needs more CPU for each, whoever logs',
    ],
  };
}

function cpuOf(rounds: readonly (readonly Round[])[]): readonly number[] {
  return rounds.map((own) => median(own.map(({ cpuMicros }) => cpuMicros)));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
