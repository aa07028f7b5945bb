import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from '../import/processes.js';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';

const ENTRIES_A_REQUEST = 500;
/** Steps of one OAuth flow among the entries. */
const FLOW_STEPS = 5;
const PROBES = 400;
const PROBE_PAUSE_MS = 10;
/** As many as the gateway answers at once by default, of each kind. */
const BOUNDS = { search: 128, join: 32, export: 16, follow: 1_000 };

/**
 * How quickly `GET /health` is answered while every bound on what clients may ask for is reached: exports and followers
 * that read nothing, searches that find nothing, and questions for OAuth flows.
 *
 * @param options.entries stored before. @default 100000
 */
export async function benchLoad(options: { readonly entries?: number }): Promise<BenchTable> {
  const entries = options.entries ?? 100_000;
  const redis = await startRedisServer();
  const gateway = await startGateway(redis.url, { MAX_CLIENT_SHARE: '100', STALL_TIMEOUT_S: '600' });
  const ending = new AbortController();
  try {
    await store(gateway.url, entries);
    const idle = await probe(gateway.url);
    const before = await gateway.megabytes();
    const statuses = [
      ...(await stall(gateway.url, '/logs/export', BOUNDS.export)),
      ...(await stall(gateway.url, '/logs/stream?tail=100', BOUNDS.follow)),
    ];
    if (statuses.some((status) => status !== 200)) throw new Error(`a request was refused: ${statuses}`);
    const asked = { replies: 0 };
    const asking = [
      ...Array.from({ length: BOUNDS.search }, (_, i) => ask(`/logs/search?q=nowhere${i}&limit=1000`)),
      ...Array.from({ length: BOUNDS.join }, () => ask('/logs/oauth-flow?client_id=app&limit=1000')),
    ];
    await sleep(2_000);
    const loaded = await probe(gateway.url);
    const after = await gateway.megabytes();
    ending.abort();
    await Promise.allSettled(asking);
    return tableOf(
      entries,
      [
        ['nothing else is asked', ...idle, Math.round(before)],
        ['every bound is reached', ...loaded, Math.round(after)],
      ],
      asked.replies,
    );

    async function ask(path: string): Promise<void> {
      while (!ending.signal.aborted) {
        const response = await fetch(gateway.url + path, { signal: ending.signal });
        await response.text();
        asked.replies += 1;
      }
    }
  } finally {
    ending.abort();
    await gateway.stop();
    await redis.stop();
  }
}

async function store(url: string, entries: number): Promise<void> {
  const start = Date.now() - entries;
  for (let at = 0; at < entries; at += ENTRIES_A_REQUEST) {
    const batch = Array.from({ length: ENTRIES_A_REQUEST }, (_, i) => {
      const number = at + i;
      const shared = { timestamp: start + number, component: 'app', client_ip: `192.0.2.${number % 250}` };
      if (number % 10 !== 0) {
        return {
          ...shared,
          method: 'GET',
          path: `/items/${number % 5_000}`,
          status_code: 200,
          data: { note: `item ${number}` },
        };
      }
      const flow = Math.floor(number / 10 / FLOW_STEPS);
      return {
        ...shared,
        event: 'oauth.token',
        client_id: 'app',
        user_id: `user-${flow}`,
        data: { state: `state-${flow}` },
      };
    });
    const response = await fetch(`${url}/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    if (!response.ok) throw new Error(await response.text());
  }
}

/** @returns p50 and p99 of the time to a reply, in milliseconds */
async function probe(url: string): Promise<[p50: number, p99: number]> {
  const times: number[] = [];
  for (let i = 0; i < PROBES; i++) {
    const start = performance.now();
    await (await fetch(`${url}/health`)).text();
    times.push(performance.now() - start);
    await sleep(PROBE_PAUSE_MS);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round((times[Math.floor(share * times.length)] as number) * 10) / 10;
  return [at(0.5), at(0.99)];
}

/** Requests whose replies are not read. @returns their statuses */
function stall(url: string, path: string, count: number): Promise<number[]> {
  const { hostname, port } = new URL(url);
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(Number(port), hostname);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      socket.pause();
      socket.on('error', () => undefined);
      return Number(chunk.toString('latin1').split(' ')[1]);
    }),
  );
}

function tableOf(entries: number, rows: BenchTable['rows'], replies: number): BenchTable {
  return {
    title: `GET /health beside as much as clients may ask for, over ${entries.toLocaleString('en-US')} entries`,
    columns: ['while', 'p50, ms', 'p99, ms', 'most memory of the gateway, MB'],
    rows,
    notes: [
      `The bounds: ${BOUNDS.export} exports and ${BOUNDS.follow.toLocaleString('en-US')} followers that read nothing, ${BOUNDS.search} searches without a match and ${BOUNDS.join} questions for OAuth flows, asked again as soon as they are answered (${replies} replies).`,
      'The clients ask from one process on the same machine; its own delays count.',
    ],
  };
}
