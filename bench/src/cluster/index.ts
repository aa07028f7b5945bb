import { createReaderOf, createStatisticsOf, shardsOf } from '@tailrace/query';
import { openStores } from '@tailrace/redis';
import { DEFAULT_RETENTION_DAYS, HOUR_MS } from '@tailrace/schema';
import { createEntryWriter } from '@tailrace/writer';
import type { BenchTable } from '../table.js';
import { sampleRequests } from '../write/sample-requests.js';
import { measureFailovers } from './failover.js';
import { type BenchCluster, startMasters, startOne } from './nodes.js';

/** Entries a call of the writer gets, as a logger's batches of a busy second have them. */
const SLICE = 4_000;
/** Times each question is asked. */
const ASKED = 30;
const WARM_UP = 20_000;
const KILLS = 5;

const PLACES: readonly { readonly name: string; start(): Promise<BenchCluster> }[] = [
  { name: 'one server, no shards', start: startOne },
  { name: '1 master, 16 shards', start: () => startMasters(1) },
  { name: '3 masters, 16 shards', start: () => startMasters(3) },
];

interface Measured {
  readonly name: string;
  /** CPU of each server, of the application, and time, all in microseconds an entry. */
  readonly servers: readonly number[];
  readonly application: number;
  readonly wall: number;
  /** Milliseconds, p50. */
  readonly byIp: number;
  readonly byStatus: number;
  readonly summary: number;
}

/**
 * The same load into one server, and into Clusters of 1 and 3 masters on this machine: CPU of the busiest master an entry is
 * what a Cluster shares out; the time itself is that of one machine for all.
 */
export async function benchCluster({ entries = 100_000 }: { entries?: number }): Promise<BenchTable> {
  await warmUp();
  const measured: Measured[] = [];
  for (const place of PLACES) {
    const cluster = await place.start();
    try {
      measured.push({ name: place.name, ...(await measure(cluster, entries)) });
    } finally {
      await cluster.stop();
    }
  }
  const { nodeTimeoutMs, stored, followed } = await measureFailovers(KILLS);
  const [one, single, three] = measured as [Measured, Measured, Measured];
  const busiest = ({ servers }: Measured) => Math.max(...servers);
  return {
    title: `cluster: ${entries.toLocaleString('en-US')} requests of 8,000 addresses`,
    columns: [
      'where',
      'CPU of the busiest server, µs an entry',
      'of each',
      'CPU of the application, µs an entry',
      'entries/s here',
      '100 newest of an IP, ms',
      '100 newest of a status, ms',
      'summary, ms',
    ],
    rows: measured.map((row) => [
      row.name,
      rounded(busiest(row)),
      row.servers.map(rounded).join(' + '),
      rounded(row.application),
      Math.round(1e6 / row.wall),
      rounded(row.byIp),
      rounded(row.byStatus),
      rounded(row.summary),
    ]),
    notes: [
      `3 masters take ${rounded(busiest(single) / busiest(three))} times the entries of 1 with the same 16 shards, by the CPU of the busiest; 16 shards are 6, 4 and 6 on three masters, so 2.67 would be all.`,
      `An entry takes ${rounded(three.application / one.application)} times the CPU in the application on 3 masters as on one server.`,
      `A master killed ${KILLS} times, with a node timeout of ${nodeTimeoutMs} ms: its shard's next entry was stored after ${spread(stored)} ms and followed after ${spread(followed)} ms (p50, most).`,
      `Questions: p50 of ${ASKED}, asked one after another.`,
    ],
  };
}

/** The first load would pay for compiling what all of them run. */
async function warmUp(): Promise<void> {
  const cluster = await startOne();
  await measure(cluster, WARM_UP);
  await cluster.stop();
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  return `${sorted[sorted.length >> 1]}, ${sorted.at(-1)}`;
}

async function measure(cluster: BenchCluster, entries: number): Promise<Omit<Measured, 'name'>> {
  const writer = createEntryWriter({ redis: cluster.url });
  const cpuBefore = await Promise.all(cluster.servers.map((server) => server.cpuSeconds()));
  let application = 0;
  let wall = 0;
  for (const requests of sampleRequests(entries, Date.now())) {
    for (let from = 0; from < requests.length; from += SLICE) {
      const began = performance.now();
      const cpu = process.cpuUsage();
      await writer.write(requests.slice(from, from + SLICE));
      const { user, system } = process.cpuUsage(cpu);
      application += user + system;
      wall += performance.now() - began;
    }
  }
  await writer.close();
  const cpuAfter = await Promise.all(cluster.servers.map((server) => server.cpuSeconds()));
  return {
    servers: cpuAfter.map((seconds, i) => ((seconds - (cpuBefore[i] as number)) * 1e6) / entries),
    application: application / entries,
    wall: (wall * 1_000) / entries,
    ...(await ask(cluster.url)),
  };
}

async function ask(url: string): Promise<Pick<Measured, 'byIp' | 'byStatus' | 'summary'>> {
  const stores = await openStores(url, () => {});
  const shards = shardsOf(stores, '');
  const retentionDays = DEFAULT_RETENTION_DAYS;
  const reader = createReaderOf(shards, { retentionDays });
  const statistics = createStatisticsOf(shards, { retentionDays, reader });
  const window = { from: Date.now() - 2 * HOUR_MS, to: Date.now() };
  const [newest] = (await reader.search({ filter: {}, window, limit: 1 })).entries;
  try {
    return {
      byIp: await medianOf(() => reader.search({ filter: { ip: newest?.client_ip }, window, limit: 100 })),
      byStatus: await medianOf(() =>
        reader.search({ filter: { status: { from: 404, to: 404 } }, window, limit: 100 }),
      ),
      summary: await medianOf(() => statistics.summary({ filter: {}, window })),
    };
  } finally {
    stores.close();
  }
}

async function medianOf(question: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ASKED; i++) {
    const began = performance.now();
    await question();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[ASKED >> 1] as number;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
