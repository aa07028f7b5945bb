import { once } from 'node:events';
import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { type SampleRequest, sampleRequests } from '../write/sample-requests.js';

/** What one engine did; times are medians. */
export interface Figures {
  readonly pingMs: number;
  readonly pipelineMs: number;
  readonly wakeUpMs: number;
  /** PING while another client sends without pause. */
  readonly floodedPingMs: number;
  readonly clientSetsPerSecond: number;
  readonly entriesPerSecond: number;
}

/** How long one figure may take, in milliseconds; a slow engine gets fewer samples, but at least one. */
const BUDGET_MS = 150;
const BATCH_ENTRIES = 250;

/** Figure by figure, the median of several measurements. */
export function medianFigures(measured: readonly Figures[]): Figures {
  const of = (figure: keyof Figures) => median(measured.map((figures) => figures[figure]));
  return {
    pingMs: of('pingMs'),
    pipelineMs: of('pipelineMs'),
    wakeUpMs: of('wakeUpMs'),
    floodedPingMs: of('floodedPingMs'),
    clientSetsPerSecond: of('clientSetsPerSecond'),
    entriesPerSecond: of('entriesPerSecond'),
  };
}

/** Measures one engine, one figure after the other. */
export async function measureEngine(url: string, entries: number): Promise<Figures> {
  const connections = Array.from({ length: 50 }, () => new Redis(url));
  const [redis, reader] = connections as [Redis, Redis];
  try {
    await Promise.all(connections.map((connection) => connection.ping()));
    return {
      pingMs: await medianMs(() => redis.ping()),
      pipelineMs: await medianMs(() => setThousandKeys(redis)),
      wakeUpMs: await medianWakeUpMs(redis, reader),
      floodedPingMs: await medianFloodedPingMs(redis, url),
      clientSetsPerSecond: await setsPerSecond(connections),
      entriesPerSecond: await entriesPerSecond(redis, entries),
    };
  } finally {
    for (const connection of connections) connection.disconnect();
  }
}

async function medianMs(operation: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + BUDGET_MS;
  while (times.length === 0 || performance.now() < end) {
    const start = performance.now();
    await operation();
    times.push(performance.now() - start);
  }
  return median(times);
}

function setThousandKeys(redis: Redis): Promise<unknown> {
  const pipeline = redis.pipeline();
  for (let n = 0; n < 1000; n++) pipeline.set(`bench:${n}`, n);
  return pipeline.exec();
}

/** From the call of XADD to the entry in the hands of a reader that was blocked. */
async function medianWakeUpMs(writer: Redis, reader: Redis): Promise<number> {
  const times: number[] = [];
  const end = performance.now() + BUDGET_MS;
  while (times.length === 0 || performance.now() < end) {
    const woken = reader.xread('BLOCK', 5_000, 'STREAMS', 'bench:stream', '$').then(() => performance.now());
    while (!(await writer.info('clients')).includes('\r\nblocked_clients:1\r\n'));
    const start = performance.now();
    await writer.xadd('bench:stream', 'MAXLEN', '~', 1000, '*', 'data', '{}');
    times.push((await woken) - start);
  }
  return median(times);
}

async function medianFloodedPingMs(redis: Redis, url: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const flood = connect(Number(port), hostname).resume();
  const commands = Array.from({ length: 20_000 }, (_, n) => `ZADD bench:flood ${n} member-${n}\r\n`).join('');
  const send = () => {
    while (flood.write(commands));
  };
  flood.on('connect', send).on('drain', send);
  await once(flood, 'data');
  const pingMs = await medianMs(() => redis.ping());
  flood.removeListener('drain', send).destroy();
  await once(flood, 'close');
  return pingMs;
}

/** Clients that each wait for one reply before the next command. */
async function setsPerSecond(clients: readonly Redis[]): Promise<number> {
  const start = performance.now();
  let sets = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < start + BUDGET_MS) {
        await client.set('bench:key', 'value');
        sets++;
      }
    }),
  );
  return (sets * 1000) / (performance.now() - start);
}

const BATCH_SCRIPT = `
local width = tonumber(ARGV[1])
for first = 2, #ARGV, width do
  local fields = { unpack(ARGV, first + 2, first + width - 1) }
  local at, key = ARGV[first], 'req:' .. ARGV[first] .. ':' .. ARGV[first + 1]
  redis.call('HSET', key, unpack(fields))
  for f = 2, 8, 2 do redis.call('ZADD', 'idx:' .. f .. ':' .. fields[f], at, key) end
  redis.call('XADD', 'stream:bench', 'MAXLEN', '~', '10000', '*', 'data', table.concat(fields, ' '))
end`;

async function entriesPerSecond(redis: Redis, entries: number): Promise<number> {
  const batches = batchesOf([...sampleRequests(entries, Date.now())].flat());
  const sha = (await redis.script('LOAD', BATCH_SCRIPT)) as string;
  const start = performance.now();
  let written = 0;
  for (const batch of batches) {
    await redis.evalsha(sha, 0, ...batch);
    written += BATCH_ENTRIES;
    if (performance.now() > start + 4 * BUDGET_MS) break;
  }
  return (written * 1000) / (performance.now() - start);
}

function batchesOf(requests: readonly SampleRequest[]): (string | number)[][] {
  const rows = requests.map(({ timestamp, ...fields }, n) => [
    timestamp,
    n,
    ...Object.entries(fields).flat(),
  ]);
  return Array.from({ length: Math.ceil(rows.length / BATCH_ENTRIES) }, (_, batch) => {
    const of = rows.slice(batch * BATCH_ENTRIES, (batch + 1) * BATCH_ENTRIES);
    return [of[0]?.length ?? 0, ...of.flat()];
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
