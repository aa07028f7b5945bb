import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { testProcessPath } from './testing/repository.js';

const CALLS = 5_000_000;
/** Nobody listens there. */
const redis = 'redis://127.0.0.1:1';
const MIB = 1 << 20;
const MAX_QUEUE_BYTES = 64 * MIB;
const MAX_SPOOL_BYTES = MIB;
const ALLOWED_BYTES = MAX_QUEUE_BYTES + 50 * MIB;

const SPOOLS: readonly { readonly title: string; readonly settings: (folder: string) => object }[] = [
  {
    title: 'with a small spool',
    settings: (folder) => ({ spoolDir: join(folder, 'spool'), maxSpoolBytes: MAX_SPOOL_BYTES }),
  },
  {
    title: 'without a spool, bounded by bytes alone',
    settings: () => ({ spoolDir: false, maxQueueEntries: 10_000_000 }),
  },
];

describe(`${CALLS.toLocaleString('en-US')} calls with Redis away`, { timeout: 90_000 }, () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.concurrent.each(SPOOLS)(
    '$title take no more memory than the queue may, and 50 MiB',
    async ({ title, settings }) => {
      const options = {
        redis,
        maxQueueBytes: MAX_QUEUE_BYTES,
        ...settings(folder),
      };
      const script = testProcessPath('log-millions.mjs');
      const args = [script, JSON.stringify({ options, calls: CALLS })];
      const { code, stdout, stderr } = await runProcess(process.execPath, args, { deadlineMs: 80_000 });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { grownBytes, accepted, written, pending, spooled, spooledBytes, dropped } = JSON.parse(stdout);
      process.stdout.write(
        `${title}: ${Math.round(grownBytes / MIB)} MiB of memory, ${pending} entries wait, ${spooled} are spooled\n`,
      );
      expect(grownBytes).toBeLessThan(ALLOWED_BYTES);
      expect(spooledBytes).toBeLessThanOrEqual(MAX_SPOOL_BYTES);
      const lost = Object.values(dropped as Record<string, number>).reduce((sum, count) => sum + count, 0);
      expect(accepted).toBeGreaterThanOrEqual(CALLS);
      expect(accepted).toBe(written + pending + spooled + lost);
    },
    90_000,
  );
});
