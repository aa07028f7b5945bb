import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultOf } from '../child-result.js';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';
import type { LoopDelay } from './loop-load.js';

const RATE = 20_000;
const ROUNDS = 3;
const DEFAULT_ENTRIES = 100_000;

/**
 * What a service feels of its logger: how late its event loop is under 20,000 entries/s, beside a process that does
 * nothing and one that logs the same through pino, buffered, to /dev/null and to a file. Rounds of all four alternate.
 *
 * @param options.entries calls of each a round. @default 100000, which take 5 seconds
 */
export async function benchLoopDelay(options: { readonly entries?: number }): Promise<BenchTable> {
  const seconds = (options.entries ?? DEFAULT_ENTRIES) / RATE;
  const server = await startRedisServer();
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-bench-'));
  const loads = [
    ['idle', 'idle', ''],
    ['Tailrace, Redis there', 'tailrace', server.url],
    ['pino, buffered, to /dev/null', 'pino', ''],
    ['pino, buffered, to a file', 'pino-file', join(folder, 'log')],
  ] as const;
  try {
    const delays = loads.map((): LoopDelay[] => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, [, name, target]] of loads.entries()) {
        await server.redis.flushall();
        const args = [name, target, String(RATE), String(seconds)];
        delays[i]?.push(await resultOf<LoopDelay>(new URL('./loop-load.js', import.meta.url), args));
      }
    }
    const middle = delays.map(medianOf);
    const idle = middle[0] as LoopDelay;
    return {
      title: `loop: delay of the event loop under ${RATE} entries/s, ms, median of ${ROUNDS} rounds of ${seconds} s`,
      columns: ['process', 'p50', 'p99', 'max', 'p99 above idle'],
      rows: middle.map(({ p50, p99, max }, i) => [
        loads[i]?.[0] ?? '',
        ms(p50),
        ms(p99),
        ms(max),
        ms(p99 - idle.p99),
      ]),
      notes: ['Requests of 12 fields, logged a few at a time every 5 ms. Redis runs on the same machine.'],
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

/** Of each figure by itself. */
function medianOf(delays: readonly LoopDelay[]): LoopDelay {
  const middle = (figure: keyof LoopDelay) =>
    delays.map((delay) => delay[figure]).sort((a, b) => a - b)[delays.length >> 1] ?? Number.NaN;
  return { p50: middle('p50'), p99: middle('p99'), max: middle('max') };
}

function ms(value: number): string {
  return value.toFixed(2);
}
