import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { describe, expect, type TestContext, test } from 'vitest';
import { discrepancies, readStored, repeated } from './testing/discrepancies.js';
import { quietPort } from './testing/quiet-port.js';
import { connectTo } from './testing/stored-keys.js';
import { type LedgerLine, makeWriterPlace, type WriterOrder } from './testing/writer-process.js';

const COUNT = 1_500;
/** One call behind the other, so that the end comes while nothing of it is written. */
const AT_ONCE = { count: COUNT };
/** So that the end comes while batches are on their way, and more wait. */
const STEADY = { count: COUNT, rate: 3_000 };

/** Ways to end with nothing lost, and how the process ends then. */
const ENDS: readonly (readonly [string, WriterOrder, object, NodeJS.Signals?])[] = [
  ['close()', { ...AT_ONCE, end: 'close' }, { code: 0, signal: null }],
  ['nothing left to do', { ...AT_ONCE, end: 'return' }, { code: 0, signal: null }],
  ['process.exit() straight behind the last call', { ...AT_ONCE, end: 'exit' }, { code: 7, signal: null }],
  ['process.exit() with batches on their way', { ...STEADY, end: 'exit' }, { code: 7, signal: null }],
  ['an uncaught exception', { ...STEADY, end: 'throw' }, { code: 1, signal: null }],
  ['an unhandled rejection', { ...AT_ONCE, end: 'reject' }, { code: 1, signal: null }],
  [
    'SIGTERM and the offered handling',
    { ...STEADY, end: 'wait', signals: true },
    { code: null, signal: 'SIGTERM' },
    'SIGTERM',
  ],
  [
    'SIGINT and the offered handling',
    { ...AT_ONCE, end: 'wait', signals: true },
    { code: null, signal: 'SIGINT' },
    'SIGINT',
  ],
];

/** Ways to end at which nobody can do anything any more. */
const SUDDEN_ENDS = ['SIGKILL', 'SIGTERM'] as const;

const suite = hasRedisServer ? describe.concurrent : describe.skip;
suite(`after a process has ended${hasRedisServer ? '' : ' (skipped: no redis-server on PATH)'}`, () => {
  describe.each(['there', 'away'] as const)('with Redis %s', (redis) => {
    test.concurrent.for(ENDS)(
      'by %s, the next one leaves nothing unwritten',
      async ([, order, how, signal], context) => {
        const { place, server } = await setUp(context);
        if (redis === 'away') await server.stop();
        const writer = place.start(server.url, order);
        if (signal !== undefined) {
          await writer.logged();
          writer.kill(signal);
        }
        expect(await writer.ended()).toEqual(how);
        const ledger = await finish(context, server, place, redis);
        expect(ledger).toHaveLength(COUNT + 1);
        await expectNothingAmiss(server.url, ledger);
        expect(await place.spoolFiles()).toEqual([]);
      },
    );

    test.concurrent.for(SUDDEN_ENDS)(
      'by %s unhandled, only the last moment is lost',
      async (signal, context) => {
        const { place, server } = await setUp(context);
        if (redis === 'away') await server.stop();
        const writer = place.start(server.url, { count: 1e9, rate: 3_000, end: 'wait' });
        while ((await writer.settled()) < COUNT) await new Promise((resolve) => setTimeout(resolve, 20));
        writer.kill(signal);
        expect(await writer.ended()).toEqual({ code: null, signal });
        const settled = await writer.settled();
        const ledger = await finish(context, server, place, redis);
        await expectOnlyTheLastLost(server.url, ledger, settled, `${signal}, Redis ${redis}`);
      },
    );
  });

  test.concurrent('a second signal ends it at once, into the spool', async (context) => {
    const { place, server } = await setUp(context);
    process.kill(server.pid, 'SIGSTOP');
    const writer = place.start(server.url, { ...AT_ONCE, end: 'wait', signals: true });
    await writer.logged();
    writer.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 50));
    writer.kill('SIGTERM');
    expect(await writer.ended()).toEqual({ code: 143, signal: null });
    process.kill(server.pid, 'SIGCONT');
    await expectNothingAmiss(server.url, await finish(context, server, place, 'there'));
  });
});

async function setUp({ onTestFinished }: TestContext) {
  const place = await makeWriterPlace();
  const server = await startRedisServer({ port: quietPort() });
  onTestFinished(async () => {
    await server.stop();
    await place.remove();
  });
  return { place, server };
}

type Place = Awaited<ReturnType<typeof makeWriterPlace>>;

/** Lets a next process log one entry and come to its end, with Redis there. @returns what both have logged. */
async function finish(
  { onTestFinished }: TestContext,
  server: RedisServer,
  place: Place,
  redis: 'there' | 'away',
): Promise<LedgerLine[]> {
  if (redis === 'away') {
    const again = await startRedisServer({ port: server.port });
    onTestFinished(() => again.stop());
  }
  const next = place.start(server.url, { count: 1, end: 'return' });
  expect(await next.ended()).toEqual({ code: 0, signal: null });
  return place.ledger();
}

async function expectNothingAmiss(url: string, ledger: readonly LedgerLine[]): Promise<void> {
  const redis = connectTo(url);
  try {
    expect(await discrepancies(redis, ledger)).toEqual([]);
  } finally {
    redis.disconnect();
  }
}

/**
 * Of the writer that was killed a beginning is stored: all it knew to be written or in the spool at its last tick, and
 * maybe more.
 */
async function expectOnlyTheLastLost(
  url: string,
  ledger: readonly LedgerLine[],
  settled: number,
  title: string,
): Promise<void> {
  const redis = connectTo(url);
  try {
    const { ids, streamed } = await readStored(redis);
    const own = ledger.filter(({ key }) => key.startsWith('writer0-'));
    const lost = own.filter(({ key }) => !ids.has(key));
    expect(own.slice(0, own.length - lost.length).filter(({ key }) => !ids.has(key))).toEqual([]);
    expect(ids.has('writer1-0')).toBe(true);
    expect(ids.size).toBe(own.length - lost.length + 1);
    expect(repeated('the stream', streamed)).toEqual([]);
    expect(new Set(streamed)).toEqual(new Set(ids.keys()));
    process.stdout.write(`${title}: ${lost.length} of ${own.length} entries lost, ${settled} were safe\n`);
    expect(own.length - lost.length).toBeGreaterThanOrEqual(settled);
  } finally {
    redis.disconnect();
  }
}
