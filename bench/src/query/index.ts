import { createReader, createStatistics } from '@tailrace/query';
import { DAY_MS, DEFAULT_RETENTION_DAYS, Keyspace, type TimeWindow } from '@tailrace/schema';
import { Redis } from 'ioredis';
import { type BenchServer, startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import { httpLatencyOf } from './http.js';
import { type Ask, type Latency, latenciesInTurns, latencyOf } from './latency.js';
import { type Asked, BUSY_IP, QUERIES, type Query } from './queries.js';
import { type ScriptTimes, scriptTimes, watchScripts } from './script-times.js';
import { loadEntries, type Rates, writingRates } from './writing.js';

/** A server with so many entries, and what asks it. */
interface Loaded {
  readonly entries: number;
  readonly server: BenchServer;
  readonly redis: Redis;
  readonly asked: Asked;
}

/** What was measured of one query on one number of entries. */
interface Figures {
  readonly entries: number;
  readonly ofOne: Latency;
  readonly ofSixteen: Latency;
  /** The bare commands; `undefined` where no few commands reply the same. */
  readonly bare: Latency | undefined;
  readonly partial: boolean;
  readonly scripts: ScriptTimes;
}

const DEFAULT_ENTRIES = 1_000_000;
/** Growth is measured from a tenth of the entries on. */
const FIRST_SHARE = 10;

/**
 * Loads requests through the logger, a tenth of them into one server and all into another, and asks both in turns: how
 * long each query takes at the reader, at 1 and at 16 clients, beside the bare Redis commands; over HTTP; and how fast a
 * writer is meanwhile.
 *
 * @param options.entries requests in the second server. @default 1000000
 */
export async function benchQuery(options: { readonly entries?: number }): Promise<BenchTable> {
  const count = options.entries ?? DEFAULT_ENTRIES;
  const few = await load(Math.ceil(count / FIRST_SHARE));
  const many = await load(count);
  try {
    const rows: (string | number)[][] = [];
    for (const query of QUERIES) {
      const [ofFew, ofMany] = await measure(query, [few, many]);
      rows.push(row(query.name, ofFew), row(query.name, ofMany, ofFew));
    }
    const { url } = many.server;
    const http = await httpLatencyOf(url, `/logs/ip/${BUSY_IP}`);
    const [byIp] = QUERIES;
    const { alone, besideSearch } = await writingRates(url, async () => byIp?.ask(many.asked, lastDay()));
    return {
      title: `query: ${count} requests of one hour, redis-server ${await versionOf(many.redis)}`,
      columns: [
        'query',
        'entries',
        'p50 ms',
        'p99 ms',
        'bare p50 ms',
        'of bare',
        '16 clients p50 ms',
        'p99 ms',
        'growth',
        'longest script ms',
        'as felt',
      ],
      rows: [
        ...rows,
        ['by IP, 100 newest, over HTTP', count, ms(http.p50), ms(http.p99), '', '', '', '', '', '', ''],
      ],
      notes: [
        `Times are of one search each, a page of 100. Growth: p50 on ${count} entries, as a multiple of that on ${few.entries}.`,
        'bare: the Redis commands that reply the same entries, sent by ioredis: ZREVRANGE, then a pipeline of HGETALL.',
        '+: the search stopped at its scan budget and replied what it had.',
        'longest script: how long one call of a script held the server (SLOWLOG), at 1 and 16 clients. Every call is made many times; of the same calls the shortest is taken, of these the longest. As felt: the longest of all, with the time in which other processes had the core.',
        `One writer, as fast as it can, median (lowest to highest) of runs in turns: ${shown(alone)} entries/s alone, ${shown(besideSearch)} while one client searches by IP without pause (${(besideSearch.median / alone.median).toFixed(2)}x). Redis serves both on one core.`,
      ],
    };
  } finally {
    for (const { redis, server } of [few, many]) {
      redis.disconnect();
      await server.stop();
    }
  }
}

async function load(entries: number): Promise<Loaded> {
  const server = await startRedisServer();
  await loadEntries(server.url, entries, Date.now());
  const redis = new Redis(server.url, { replyMapping: 'legacy' });
  const store = { redis, keyspace: new Keyspace(), retentionDays: DEFAULT_RETENTION_DAYS };
  const reader = createReader(store);
  return { entries, server, redis, asked: { reader, statistics: createStatistics({ ...store, reader }) } };
}

async function measure(query: Query, loaded: readonly [Loaded, Loaded]): Promise<[Figures, Figures]> {
  const window = lastDay();
  const { bare } = query;
  const asks = loaded.map(
    ({ asked }): Ask =>
      () =>
        query.ask(asked, window),
  );
  const bareAsks = bare
    ? loaded.map(
        ({ redis }): Ask =>
          () =>
            bare(redis),
      )
    : [];
  for (const { redis } of loaded) await watchScripts(redis);
  const ofOne = await latenciesInTurns([...asks, ...bareAsks]);
  const figuresOf = async (i: 0 | 1): Promise<Figures> => ({
    entries: loaded[i].entries,
    ofOne: ofOne[i] as Latency,
    bare: ofOne[asks.length + i],
    ofSixteen: await latencyOf(asks[i] as Ask, 16),
    partial: await query.ask(loaded[i].asked, window),
    scripts: await scriptTimes(loaded[i].redis),
  });
  return [await figuresOf(0), await figuresOf(1)];
}

function row(name: string, figures: Figures, before?: Figures): (string | number)[] {
  const { entries, ofOne, ofSixteen, bare, partial } = figures;
  return [
    partial ? `${name} +` : name,
    entries,
    ms(ofOne.p50),
    ms(ofOne.p99),
    bare ? ms(bare.p50) : '',
    bare ? `${(ofOne.p50 / bare.p50).toFixed(2)}x` : '',
    ms(ofSixteen.p50),
    ms(ofSixteen.p99),
    before ? `${(ofOne.p50 / before.ofOne.p50).toFixed(2)}x` : '',
    ms(figures.scripts.longestOfRepeated),
    ms(figures.scripts.longest),
  ];
}

function lastDay(): TimeWindow {
  const to = Date.now();
  return { from: to - DAY_MS, to };
}

async function versionOf(redis: Redis): Promise<string> {
  return /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? '?';
}

function ms(value: number): string {
  return value.toFixed(2);
}

function shown({ median, lowest, highest }: Rates): string {
  return `${rounded(median)} (${rounded(lowest)} to ${rounded(highest)})`;
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
