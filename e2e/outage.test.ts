import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DROP_EVENT } from '@tailrace/schema';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { describe, expect, type TestContext, test } from 'vitest';
import { discrepancies, readStored, repeated } from './testing/discrepancies.js';
import { mendAof } from './testing/mend-aof.js';
import { quietPort } from './testing/quiet-port.js';
import { connectTo, readStream } from './testing/stored-keys.js';
import { makeWriterPlace, type WriterPlace } from './testing/writer-process.js';

const STOPPED_MS = 20_000;
const KILLS = 5;
const AOF = ['--appendonly', 'yes', '--appendfsync', 'always'];
const MIN_SPOOL_BYTES = 65_536;

/** Twenty seconds of them Redis stands still; the rest is for a busy machine. */
const TIMEOUT_MS = 180_000;

const suite = hasRedisServer ? describe.concurrent : describe.skip;
const title = `an outage of Redis${hasRedisServer ? '' : ' (skipped: no redis-server on PATH)'}`;
suite(title, { timeout: TIMEOUT_MS }, () => {
  test.concurrent('of 20 s, under 5,000 entries/s, costs nothing', async (context) => {
    const { place, server } = await setUp(context);
    const writer = place.start(server.url, { count: 115_000, rate: 5_000, untilTold: true, end: 'close' });
    await sleep(1_500);
    process.kill(server.pid, 'SIGSTOP');
    await sleep(STOPPED_MS);
    process.kill(server.pid, 'SIGCONT');
    await writesMore(server.url);
    await writer.enough();
    const result = await writer.result();
    expect(result.accepted).toBeGreaterThanOrEqual(115_000);
    expect(result).toMatchObject({ written: result.accepted, dropped: {}, complete: true });
    await expectNothingAmiss(server.url, place);
    expect(await place.spoolFiles()).toEqual([]);
  });

  test.concurrent(`by SIGKILL, ${KILLS} times, with an AOF written always, costs nothing`, async (context) => {
    const folder = await temporaryFolder(context);
    const settings = [...AOF, '--dir', folder];
    const { place, server } = await setUp(context, settings);
    const writer = place.start(server.url, { count: 20_000, rate: 3_000, untilTold: true, end: 'close' });
    let running = server;
    for (let i = 0; i < KILLS; i++) {
      await sleep(500 + 130 * i);
      await running.stop();
      await sleep(100 * i);
      mendAof(folder);
      running = await start(context, server.port, settings);
    }
    await writesMore(server.url);
    await writer.enough();
    const result = await writer.result();
    expect(result.accepted).toBeGreaterThanOrEqual(20_000);
    expect(result).toMatchObject({ written: result.accepted, dropped: {}, complete: true });
    expect(result.retries).toBeGreaterThan(0);
    await expectNothingAmiss(server.url, place);
  });

  test.concurrent('with a full spool costs entries of low levels, each counted and told', async (context) => {
    const { place, server } = await setUp(context);
    await server.stop();
    const options = { maxSpoolBytes: MIN_SPOOL_BYTES, maxQueueEntries: 2_000 };
    const writer = place.start(server.url, {
      count: 10_000,
      rate: 5_000,
      untilTold: true,
      end: 'close',
      options,
    });
    while ((await place.ledger()).length < 6_000) await sleep(20);
    const again = await start(context, server.port);
    await writesMore(again.url);
    await writer.enough();
    const { accepted, written, dropped } = await writer.result();
    const redis = connectTo(again.url);
    context.onTestFinished(() => redis.disconnect());
    const { ids, streamed } = await readStored(redis);
    const ledger = await place.ledger();
    const lost = ledger.filter(({ key }) => !ids.has(key));
    const droppedInAll = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBe(droppedInAll);
    expect(accepted).toBe(written + droppedInAll);
    expect(repeated('the stream', streamed)).toEqual([]);
    expect([...streamed].sort()).toEqual([...ids.keys()].sort());
    // AUDIT goes last, and the spool has room for all there are.
    expect(lost.filter(({ key }) => isAudit(key)).map(({ key }) => key)).toEqual([]);
    const told = (await readStream(redis, 'stream:requests')).filter(({ event }) => event === DROP_EVENT);
    const counts = told.map(({ data }) => Number(data?.count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(droppedInAll);
  });
});

/** Every fiftieth entry of a `writer-process` is one of `log_audit`. */
function isAudit(key: string): boolean {
  return Number(key.split('-')[1]) % 50 === 49;
}

async function setUp(context: TestContext, settings: readonly string[] = []) {
  const place = await makeWriterPlace();
  const server = await start(context, quietPort(), settings);
  context.onTestFinished(() => place.remove());
  return { place, server };
}

async function start(
  { onTestFinished }: TestContext,
  port: number,
  settings: readonly string[] = [],
): Promise<RedisServer> {
  const server = await startRedisServer({ port, settings });
  onTestFinished(() => server.stop());
  return server;
}

async function temporaryFolder({ onTestFinished }: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The writer has found out that Redis is back: closing waits for none that is away. */
async function writesMore(url: string): Promise<void> {
  const redis = connectTo(url);
  const before = await redis.xlen('stream:requests');
  while ((await redis.xlen('stream:requests')) === before) await sleep(20);
  redis.disconnect();
}

async function expectNothingAmiss(url: string, place: WriterPlace): Promise<void> {
  const redis = connectTo(url);
  try {
    expect(await discrepancies(redis, await place.ledger())).toEqual([]);
  } finally {
    redis.disconnect();
  }
}
