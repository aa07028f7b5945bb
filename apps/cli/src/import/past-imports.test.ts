import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, replyError, replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

function clfLine(second: number): string {
  return `10.0.0.1 - - [17/May/2015:10:05:${String(second).padStart(2, '0')} +0000] "GET / HTTP/1.1" 200 1`;
}

test('notices a file that was imported before, by its lines, while its entries are stored', async () => {
  const stored = new Set(['log:1:app:0']);
  const answer: Answer = ({ url }, response) => {
    if (!url.pathname.startsWith('/logs/entry/')) return false;
    const id = decodeURIComponent(url.pathname.slice('/logs/entry/'.length));
    const entry = {
      id,
      timestamp: '2024-01-15T10:30:45.123Z',
      kind: 'log',
      level: 'INFO',
      component: 'a',
      message: '',
    };
    return stored.has(id)
      ? replyJson(response, 200, { entry })
      : replyError(response, 404, 'not_found', 'there is no such entry');
  };
  await using gateway = await startFakeGateway([], answer);
  const env = { XDG_STATE_HOME: join(folder, 'state') };
  const [plain, packed] = [join(folder, 'twice.log'), join(folder, 'twice.gz')];
  await writeFile(plain, `${clfLine(1)}\n${clfLine(2)}\n`);
  await writeFile(packed, gzipSync(`${clfLine(1)}\r\n${clfLine(2)}`));
  const again = (path: string, ...flags: string[]) =>
    run(['import', path, ...flags, '--url', gateway.url], { env });

  expect((await again(plain)).exitCode).toBe(0);
  expect(await again(packed)).toMatchObject({ exitCode: 1, stdout: '' });
  expect((await again(plain)).stderr).toMatch(
    /twice\.log was imported before, at .* \(2 lines\); --again imports it/,
  );
  expect((await again(plain, '--again')).stdout).toContain('2 imported');
  expect((await stat(join(folder, 'state', 'tailrace', 'imports.json'))).mode & 0o777).toBe(0o600);
  stored.clear();
  expect((await again(plain)).stdout).toContain('2 imported');
});
