import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchServer, startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import type { ContenderResult } from './contender.js';
import { sampleRequests } from './sample-requests.js';
import { type Command, specCommands } from './spec-commands.js';

/** One row of figures. `cpu` in µs an entry. */
interface Figures {
  readonly rate: number;
  readonly appCpu: number;
  readonly serverCpu: number;
  readonly bytes: number;
}

const OUR_SETTINGS = { 'hash-max-listpack-value': '1024' };
const DEFAULT_SETTINGS = { 'hash-max-listpack-value': '64' };

/**
 * Writes the same requests to one redis-server: by the spec's snippets with ioredis pipelines (a), by Tailrace with all
 * its default indexes (b), and by `redis-cli --pipe` fed with the commands of (a) (c).
 *
 * @param options.entries requests each contender writes. @default 200000
 */
export async function benchWrite(options: { readonly entries?: number }): Promise<BenchTable> {
  const count = options.entries ?? 200_000;
  const server = await startRedisServer();
  try {
    const version = /redis_version:(\S+)/.exec(await server.redis.info('server'))?.[1] ?? '?';
    const now = Date.now();
    const a = await measure(server, DEFAULT_SETTINGS, count, () =>
      runContender('snippets', server, count, now),
    );
    const b = await measure(server, DEFAULT_SETTINGS, count, () =>
      runContender('tailrace', server, count, now),
    );
    const c = await measure(server, DEFAULT_SETTINGS, count, () => runPipe(server, count, now));
    const aOurs = await measure(server, OUR_SETTINGS, count, () =>
      runContender('snippets', server, count, now),
    );
    const bOurs = await measure(server, OUR_SETTINGS, count, () =>
      runContender('tailrace', server, count, now),
    );
    return {
      title: `write: ${count} requests of 12 fields, redis-server ${version}`,
      columns: [
        'writer',
        'server settings',
        'entries/s',
        'app CPU µs/entry',
        'server CPU µs/entry',
        'bytes/entry',
      ],
      rows: [
        row('(a) spec snippets, ioredis pipelines of 1,000', 'default', a),
        row('(b) Tailrace, all default indexes', 'default', b),
        row("(c) redis-cli --pipe of (a)'s commands", 'default', c),
        row('(a) spec snippets, ioredis pipelines of 1,000', 'ours', aOurs),
        row('(b) Tailrace, all default indexes', 'ours', bOurs),
        ratio('(b) / (a)', 'default', b, a),
        ratio('(b) / (a)', 'ours', bOurs, aOurs),
        [
          '(b) / (c)',
          'default',
          times(b.rate / c.rate),
          '',
          times(b.serverCpu / c.serverCpu),
          times(b.bytes / c.bytes),
        ],
      ],
      notes: [
        'ours: hash-max-listpack-value 1024, as in docker-compose.yml and the embedded engine',
        "(a) and (c) write the spec's 8 indexes; (b) those, errors by IP and user once more for their longer retention, histograms, path counts, and de-duplication",
        'app CPU of (c) is left out: its commands were made beforehand',
        'making the requests, and the garbage of that, is no part of the figures of (a) and (b)',
      ],
    };
  } finally {
    await server.stop();
  }
}

type Run = () => Promise<{ readonly seconds: number; readonly appCpu: number; readonly serverCpu: number }>;

async function measure(
  server: BenchServer,
  settings: Record<string, string>,
  count: number,
  run: Run,
): Promise<Figures> {
  for (const [name, value] of Object.entries(settings)) await server.redis.config('SET', name, value);
  await server.redis.flushall();
  const memory = await server.usedMemory();
  const { seconds, appCpu, serverCpu } = await run();
  const bytes = (await server.usedMemory()) - memory;
  return {
    rate: count / seconds,
    appCpu: appCpu / count,
    serverCpu: (serverCpu * 1e6) / count,
    bytes: bytes / count,
  };
}

async function runContender(name: string, server: BenchServer, count: number, now: number) {
  const script = new URL('./contender.js', import.meta.url);
  const args = [name, server.url, String(count), String(now)];
  const child = fork(script, args, { execArgv: ['--expose-gc'] });
  await nextMessage(child);
  await server.redis.flushall();
  const cpu = await server.cpuSeconds();
  const finished = nextMessage(child);
  child.send('go');
  const { seconds, cpuMicroseconds } = (await finished) as ContenderResult;
  return { seconds, appCpu: cpuMicroseconds, serverCpu: (await server.cpuSeconds()) - cpu };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`a contender ended with code ${code}`)),
  );
  ended.catch(() => undefined);
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return message;
}

async function runPipe(server: BenchServer, count: number, now: number) {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  try {
    const file = join(folder, 'commands');
    await writeCommands(file, count, now);
    const input = await open(file);
    const cpu = await server.cpuSeconds();
    const start = performance.now();
    const port = new URL(server.url).port;
    const child = spawn('redis-cli', ['-p', port, '--pipe'], { stdio: [input.fd, 'ignore', 'inherit'] });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`redis-cli --pipe ended with code ${code}`);
    const seconds = (performance.now() - start) / 1000;
    await input.close();
    return { seconds, appCpu: Number.NaN, serverCpu: (await server.cpuSeconds()) - cpu };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeCommands(file: string, count: number, now: number): Promise<void> {
  const out = createWriteStream(file);
  for (const requests of sampleRequests(count, now)) {
    const text = requests.flatMap(specCommands).map(encodeCommand).join('');
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

function encodeCommand(command: Command): string {
  const parts = command.map((part) => `$${Buffer.byteLength(String(part))}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

function row(name: string, settings: string, figures: Figures): (string | number)[] {
  const appCpu = Number.isNaN(figures.appCpu) ? '-' : round(figures.appCpu);
  return [
    name,
    settings,
    Math.round(figures.rate),
    appCpu,
    round(figures.serverCpu),
    Math.round(figures.bytes),
  ];
}

function ratio(name: string, settings: string, ours: Figures, theirs: Figures): string[] {
  const { rate, appCpu, serverCpu, bytes } = theirs;
  const cpu = `1/${round(appCpu / ours.appCpu)}`;
  return [
    name,
    settings,
    times(ours.rate / rate),
    cpu,
    times(ours.serverCpu / serverCpu),
    times(ours.bytes / bytes),
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function times(value: number): string {
  return `${value.toFixed(2)}x`;
}
