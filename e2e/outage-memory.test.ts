import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { testProcessPath } from './testing/repository.js';

const NODE_MAJOR = Number.parseInt(process.versions.node, 10);
const CALLS = 5_000_000;
/** Nobody listens there. */
const redis = 'redis://127.0.0.1:1';
const MIB = 1 << 20;
const MAX_QUEUE_BYTES = 64 * MIB;
const ALLOWED_BYTES = MAX_QUEUE_BYTES + 50 * MIB;
/** Of V8's young generation: the default of Node 20 and 22. That of 24 is four times as large, whatever a process does. */
const MAX_SEMI_SPACE = '--max-semi-space-size=16';
/** On a busy machine V8 cleans later now and then, so the smallest growth of some runs is what counts. */
const RUNS = 3;
/** More than there is room for in bytes. */
const ANY_NUMBER = 10_000_000;

interface SetUp {
  readonly title: string;
  /** 0: no spool. */
  readonly maxSpoolBytes: number;
  readonly options?: object;
  /** Every how many calls one is an ERROR. */
  readonly errorEvery?: number;
  /** Stands in the texts. */
  readonly who?: string;
}

const SET_UPS: readonly SetUp[] = [
  { title: 'with a small spool', maxSpoolBytes: MIB },
  { title: 'with a spool of two segments', maxSpoolBytes: 8 * MIB },
  {
    title: 'of letters outside of Latin-1, with a small spool',
    maxSpoolBytes: MIB,
    who: 'пользователь 用户',
  },
  {
    title: 'without a spool, bounded by bytes alone',
    maxSpoolBytes: 0,
    options: { maxQueueEntries: ANY_NUMBER },
  },
  {
    title: 'without a spool, errors pushing out the rest',
    maxSpoolBytes: 0,
    options: { maxQueueEntries: ANY_NUMBER },
    errorEvery: 10,
  },
  {
    title: 'with a spool of two segments, errors pushing out the rest',
    maxSpoolBytes: 8 * MIB,
    options: { maxQueueEntries: ANY_NUMBER },
    errorEvery: 10,
  },
  { title: 'with the spool by default, errors among the rest', maxSpoolBytes: 256 * MIB, errorEvery: 10 },
];

describe(`${CALLS.toLocaleString('en-US')} calls with Redis away`, () => {
  let folder = '';
  /** What the calls take when nothing of them is logged; V8 of Node 24 and newer leaves more of them lying about. */
  let callsBytes = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
    if (NODE_MAJOR < 24) return;
    const { grownBytes, accepted } = await logMillions({ redis, spoolDir: false, level: 'AUDIT' });
    expect(accepted).toBe(0);
    callsBytes = grownBytes;
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(SET_UPS)(
    '$title take no more memory than the queue may, and 50 MiB',
    async (setUp) => {
      let grownBytes = Number.POSITIVE_INFINITY;
      for (let run = 0; run < RUNS && grownBytes >= ALLOWED_BYTES; run++)
        grownBytes = Math.min(grownBytes, (await runOnce(folder, setUp)) - callsBytes);
      expect(grownBytes).toBeLessThan(ALLOWED_BYTES);
    },
    RUNS * 60_000,
  );
});

/** Checks the counts. @returns by how many bytes the process has grown */
async function runOnce(folder: string, setUp: SetUp): Promise<number> {
  const { title, maxSpoolBytes, options: given, errorEvery, who } = setUp;
  const spoolDir = maxSpoolBytes > 0 && (await mkdtemp(join(folder, 'spool-')));
  const spool = spoolDir === false ? { spoolDir } : { spoolDir, maxSpoolBytes };
  const options = { redis, maxQueueBytes: MAX_QUEUE_BYTES, ...spool, ...given };
  const result = await logMillions(options, { errorEvery, who });
  const { grownBytes, accepted, written, pending, spooled, spooledBytes, dropped } = result;
  process.stdout.write(
    `${title}: ${Math.round(grownBytes / MIB)} MiB of memory, ${pending} entries wait, ${spooled} are spooled\n`,
  );
  expect(spooledBytes).toBeLessThanOrEqual(maxSpoolBytes);
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  expect(accepted).toBeGreaterThanOrEqual(CALLS);
  expect(accepted).toBe(written + pending + spooled + lost);
  return grownBytes;
}

interface Result {
  readonly grownBytes: number;
  readonly accepted: number;
  readonly written: number;
  readonly pending: number;
  readonly spooled: number;
  readonly spooledBytes: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/** @param more arguments of the process beside the options */
async function logMillions(options: object, more: object = {}): Promise<Result> {
  const script = testProcessPath('log-millions.mjs');
  const args = [MAX_SEMI_SPACE, script, JSON.stringify({ options, calls: CALLS, ...more })];
  const { code, stdout, stderr } = await runProcess(process.execPath, args, { deadlineMs: 55_000 });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}
