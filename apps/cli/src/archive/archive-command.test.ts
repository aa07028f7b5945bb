import type { ArchiveReply } from '@tailrace/api';
import { expect, test } from 'vitest';
import { replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

async function archive(reply: unknown, ...args: string[]) {
  await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, reply));
  const result = await run(['archive', ...args], { env: { TAILRACE_URL: gateway.url } });
  return { ...result, path: gateway.requests[0]?.url.pathname };
}

const REPLY: ArchiveReply = {
  archive: {
    id: 'a',
    folder: '/var/lib/tail\u001brace',
    generation: 3,
    files: 2,
    entries: 12_345,
    bytes: 1_234_567,
    newest_sealed: '2024-01-15T10:30:45.123Z',
    unsealed: 7,
    redis_from: '2024-01-14T10:00:00.000Z',
    erasing: 1,
    lack: null,
    trouble: 'ENOSPC',
    days: [
      { class: 'requests', day: '2024-01-15', files: 1, entries: 12_000, bytes: 1_200_000 },
      { class: 'audit', day: '2024-01-14', files: 1, entries: 345, bytes: 34_567 },
    ],
  },
};

test('says what is in files, by day and class, and what is wrong', async () => {
  expect((await archive(REPLY)).stdout).toBe(
    [
      'folder     /var/lib/tail\\x1brace',
      'sealed     12,345 entries in 2 files of 1.2 MiB, the newest of 2024-01-15T10:30:45.123Z',
      'unsealed   7 entries',
      'in Redis   all from 2024-01-14T10:00:00.000Z on',
      'erasing    1 files still hold erased entries, which nobody sees',
      'trouble    ENOSPC',
      '',
      'day        class     files    entries      bytes',
      '2024-01-15 requests      1     12,000    1.1 MiB',
      '2024-01-14 audit         1        345   33.8 KiB',
      '',
    ].join('\n'),
  );
  expect(JSON.parse((await archive(REPLY, 'status', '--json')).stdout)).toEqual(REPLY);
  expect((await archive({ archive: null })).stdout).toContain('DATA_DIR is not set');
});

test('fails when a file is not as it was sealed', async () => {
  const good = await archive({ files: 3, entries: 1_000, damaged: [] }, 'verify');
  expect(good).toMatchObject({ path: '/logs/archive/verify', exitCode: 0 });
  expect(good.stdout).toBe('3 files, 1,000 entries as they were sealed\n');
  const bad = await archive(
    { files: 1, entries: 0, damaged: [{ name: 'f', reason: 'its ids are others' }] },
    'verify',
  );
  expect(bad.exitCode).toBe(1);
  expect(bad.stdout).toContain('f: its ids are others');
});
