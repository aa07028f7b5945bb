import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchServer, startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import type { OutageFigures } from './outage-writer.js';

const STREAM = 'stream:requests';
const RATE = 5_000;
const DEFAULT_ENTRIES = 100_000;
const BEFORE_MS = 2_000;
/** Nothing comes for so long: what is missing then does not come any more. */
const QUIET_MS = 5_000;
const POLL_MS = 50;

/** What was measured of one writer. */
interface Outage extends OutageFigures {
  /** Entries logged and not stored when Redis went away, about, and until it came back. */
  readonly waiting: number;
  /** Entries stored in the end. */
  readonly stored: number;
  /** Seconds from when Redis was back until the last of them was stored. */
  readonly recoverySeconds: number;
}

/**
 * Takes Redis away from a writer of 5,000 entries/s and gives it back, empty: how the writer grows meanwhile, and how
 * fast it makes up. Beside Tailrace, a writer that sends each line by ioredis and leaves the rest to its queue.
 *
 * @param options.entries entries logged during the outage. @default 100000, which take 20 seconds
 */
export async function benchOutage(options: { readonly entries?: number }): Promise<BenchTable> {
  const outageMs = ((options.entries ?? DEFAULT_ENTRIES) / RATE) * 1_000;
  const queue = await measure('offline-queue', outageMs);
  const tailrace = await measure('tailrace', outageMs);
  return {
    title: `outage: Redis away for ${outageMs / 1_000} s, under ${RATE} entries/s`,
    columns: ['writer', 'memory MiB', 'spooled MiB', 'waiting', 'recovery entries/s', 'not stored'],
    rows: [
      row('ioredis and its own queue, XADD', queue),
      row('Tailrace, all default indexes', tailrace),
      [
        'Tailrace / ioredis',
        times(tailrace.grownBytes / queue.grownBytes),
        '',
        '',
        times(recoveryRate(tailrace) / recoveryRate(queue)),
        '',
      ],
    ],
    notes: [
      'memory: growth of the process from the beginning of the outage on. waiting: entries to make up for when Redis is back. not stored is exact to about a batch: what the server took between the count and its end is gone with it, and what was on its way may be there as well.',
      'ioredis writes the JSON of each entry into one stream; Tailrace writes hash, stream, indexes and statistics.',
    ],
  };
}

async function measure(name: string, outageMs: number): Promise<Outage> {
  const server = await startRedisServer();
  const child = fork(new URL('./outage-writer.js', import.meta.url), [name, server.url, String(RATE)]);
  await sleep(BEFORE_MS);
  const before = await server.redis.xlen(STREAM);
  child.send('outage');
  await server.stop();
  await sleep(outageMs);
  const again = await startRedisServer([], server.port);
  const start = performance.now();
  try {
    const figures = await figuresOf(child);
    const waiting = figures.logged - before;
    const recoverySeconds = ((await lastStored(again, waiting)) - start) / 1_000;
    const stored = await again.redis.xlen(STREAM);
    return { ...figures, waiting, stored, recoverySeconds };
  } finally {
    child.send('end');
    await once(child, 'exit');
    await again.stop();
  }
}

async function figuresOf(child: ChildProcess): Promise<OutageFigures> {
  child.send('over');
  const [figures] = await once(child, 'message');
  return figures as OutageFigures;
}

/** @returns when the stream had all that waited, or got its last entry. */
async function lastStored(server: BenchServer, waiting: number): Promise<number> {
  let stored = -1;
  let at = performance.now();
  while (stored < waiting && performance.now() - at < QUIET_MS) {
    const now = await server.redis.xlen(STREAM);
    if (now !== stored) at = performance.now();
    stored = now;
    await sleep(POLL_MS);
  }
  return at;
}

function recoveryRate({ stored, recoverySeconds }: Outage): number {
  return stored / recoverySeconds;
}

function row(name: string, outage: Outage): (string | number)[] {
  const { grownBytes, spooledBytes, waiting, stored } = outage;
  const rate = Math.round(recoveryRate(outage));
  return [name, mebibytes(grownBytes), mebibytes(spooledBytes), waiting, rate, waiting - stored];
}

function mebibytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(1);
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)}x`;
}
