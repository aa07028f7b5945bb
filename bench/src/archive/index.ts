import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Archive, openArchive } from '@tailrace/archive';
import { type CompiledFilter, compileFilter } from '@tailrace/query';
import { DEFAULT_FACETS, DEFAULT_RETENTION_DAYS, type EntryInput, HOUR_MS, Keyspace } from '@tailrace/schema';
import { createEntryWriter } from '@tailrace/writer';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import { type SampleRequest, sampleRequests } from '../write/sample-requests.js';

/** Entries written between two seals: as many as a gateway leaves unsealed at most. */
const SLICE = 20_000;
const ROUNDS = 7;
const OURS = ['--hash-max-listpack-value', '1024'];
const run = promisify(execFile);

/**
 * Seals entries, compares their size with that in Redis, and asks the files what people ask logs; `q` beside `grep -F -i` over
 * the same entries as lines of JSON in the page cache.
 *
 * @param options.entries @default 1000000
 */
export async function benchArchive({
  entries = 1_000_000,
}: {
  readonly entries?: number;
}): Promise<BenchTable> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  const server = await startRedisServer(OURS);
  const keyspace = new Keyspace();
  const rows: (string | number)[][] = [];
  const archive = await openArchive({
    folder,
    redis: server.redis,
    keyspace,
    retentionDays: DEFAULT_RETENTION_DAYS,
    isMemoryOnly: false,
    report: () => {},
    tickMs: 3_600_000,
    keepMs: 3_600_000,
  });
  try {
    await archive.keep();
    const before = await server.usedMemory();
    const lines = join(folder, 'entries.ndjson');
    const sealed = await sealAll(archive, server.url, entries, lines);
    const inRedis = ((await server.usedMemory()) - before) / entries;
    const cpuBefore = await cpuOfAll();
    await archive.keep();
    const merging = (await cpuOfAll()) - cpuBefore;
    const { bytes } = archive.status();
    rows.push([
      'bytes an entry, sealed',
      round(bytes / entries),
      `1/${round(inRedis / (bytes / entries))} of Redis`,
    ]);
    rows.push(['bytes an entry, in redis-server', round(inRedis), '']);
    rows.push([
      'sealing, µs of CPU an entry',
      round(sealed.cpu),
      `most memory of the process ${sealed.memory} MiB`,
    ]);
    rows.push(['merging, µs of CPU an entry', round((merging * 1e6) / entries), '']);
    const from = Date.now() - 25 * HOUR_MS;
    const search = async (filter: CompiledFilter, limit = 100) => {
      const page = await archive.reader.search({ filter, window: { from, to: Date.now() }, limit });
      if (page.partial) throw new Error('a page is partial');
      return page.entries.length;
    };
    const needle = 'zebra-without-match';
    const q = await median(() => search(compileFilter({ q: needle })));
    const grep = await median(async () => {
      await run('grep', ['-c', '-F', '-i', needle, lines]).catch(() => undefined);
    });
    rows.push([`q without a match, ms`, round(q), `${round(q / grep)} of grep -F -i, ${round(grep)} ms`]);
    const busy = sealed.sample.client_ip;
    rows.push(['newest 100 by IP, ms', round(await median(() => search(compileFilter({ ip: busy })))), '']);
    rows.push([
      'by an IP without entries, ms',
      round(await median(() => search(compileFilter({ ip: '203.0.113.9' })))),
      '',
    ]);
    rows.push([
      'by trace, ms',
      round(await median(() => search(compileFilter({ trace: sealed.trace })))),
      '',
    ]);
    const [entry] = (
      await archive.reader.search({
        filter: compileFilter({ trace: sealed.trace }),
        window: { from, to: Date.now() },
        limit: 1,
      })
    ).entries;
    rows.push(['one entry by id, ms', round(await median(() => archive.reader.entry(entry?.id ?? ''))), '']);
    rows.push([
      'data.order=, ms',
      round(await median(() => search(compileFilter({ 'data.order': '77' })))),
      '',
    ]);
    const window = { from, to: Date.now() };
    const host = compileFilter({ host: sealed.sample.proxy_hostname });
    rows.push([
      'percentiles of one host, ms',
      round(await median(() => archive.statistics.summary({ filter: host, window }))),
      '',
    ]);
    rows.push([
      'facets of eight fields, ms',
      round(
        await median(() =>
          archive.statistics.facets({ filter: {}, window, fields: DEFAULT_FACETS, limit: 10 }),
        ),
      ),
      '',
    ]);
    rows.push(['most memory of the process while asked, MiB', await mostMemory(), '']);
  } finally {
    await archive.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }
  return {
    title: `archive: ${entries.toLocaleString('en-US')} requests of 14 fields with 150 bytes of data`,
    columns: ['what', 'figure', 'beside'],
    rows,
    notes: [
      `Medians of ${ROUNDS}; files in the page cache. CPU is of DuckDB's process and of the one that feeds it.`,
      'Redis: used_memory, with hash-max-listpack-value 1024 and a stream of 100,000 entries.',
    ],
  };
}

interface Sealed {
  /** µs an entry. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly sample: SampleRequest;
  readonly trace: string;
}

async function sealAll(archive: Archive, url: string, entries: number, lines: string): Promise<Sealed> {
  const writer = createEntryWriter({ redis: url });
  const file = await open(lines, 'a');
  let cpu = 0;
  let sample: SampleRequest | undefined;
  let trace = '';
  let at = 0;
  for (const slice of sampleRequests(entries, Date.now())) {
    for (let i = 0; i < slice.length; i += SLICE) {
      const made = slice.slice(i, i + SLICE).map((request): EntryInput => withMore(request, at++));
      for (let j = 0; j < made.length; j += 1_000) await writer.write(made.slice(j, j + 1_000));
      await file.appendFile(`${made.map((entry) => JSON.stringify(entry)).join('\n')}\n`);
      sample ??= slice[0];
      trace = made[0]?.trace_id ?? trace;
      const before = await cpuOfAll();
      await archive.seal();
      cpu += (await cpuOfAll()) - before;
    }
  }
  await file.close();
  await writer.close();
  return { cpu: (cpu * 1e6) / entries, memory: await mostMemory(), sample: sample as SampleRequest, trace };
}

function withMore(request: SampleRequest, at: number): EntryInput {
  return {
    ...request,
    trace_id: randomUUID().replaceAll('-', ''),
    request_id: randomUUID(),
    data: {
      order: at,
      amount: (at * 37) % 10_000,
      note: `order ${at} of customer ${(at * 7919) % 100_003}, packed by station ${at % 97} and handed over`,
      plan: ['free', 'pro', 'team'][at % 3] as string,
    },
  };
}

/** The process of DuckDB: the only child of this one beside redis-server that has it open. */
async function duckPid(): Promise<number> {
  const { stdout } = await run('pgrep', ['-P', String(process.pid), '-f', 'duck-process']);
  return Number(stdout.trim().split('\n')[0]);
}

/** Seconds of CPU of this process and of DuckDB's. */
async function cpuOfAll(): Promise<number> {
  const own = process.cpuUsage();
  const stat = await readFile(`/proc/${await duckPid()}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (own.user + own.system) / 1e6 + (Number(fields[11]) + Number(fields[12])) / 100;
}

/** MiB the process of DuckDB has held at most. */
async function mostMemory(): Promise<number> {
  const status = await readFile(`/proc/${await duckPid()}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
}

function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
}
