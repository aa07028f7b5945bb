import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@tailrace/client';
import { afterEach, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { CLI_MAIN, repositoryPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

/** Real lines of 2015; they lie beside the project and are no part of it. */
const ACCESS_LOG = repositoryPath('../shared/data/apache_logs');
const LINES = 3_000;

const running: GatewayProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function start(settings: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(settings);
  running.push(gateway);
  return gateway;
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-archive-import-'));
  folders.push(folder);
  return folder;
}

/** An access log of years ago, of the real one's first lines where it is there. */
async function oldLog(folder: string): Promise<string> {
  const path = join(folder, 'old.log');
  const lines = existsSync(ACCESS_LOG)
    ? (await readFile(ACCESS_LOG, 'utf8')).split('\n').slice(0, LINES)
    : Array.from({ length: LINES }, (_, i) => {
        const time = new Date(Date.UTC(2015, 4, 17, 10, 0, i)).toISOString().slice(11, 19);
        return `198.51.100.${i % 200} - - [17/May/2015:${time} +0000] "GET /p/${i % 50} HTTP/1.1" ${i % 10 === 0 ? 404 : 200} ${i} "-" "curl/8"`;
      });
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

test('an access log of years ago is imported into files, found, kept and erased', async () => {
  const folder = await newFolder();
  const file = await oldLog(folder);
  const data = join(folder, 'data');
  const state = join(folder, 'state');
  let gateway = await start({ DATA_DIR: data });
  const tailrace = (...args: string[]) => {
    const env = environmentWith({ TAILRACE_URL: gateway.url, XDG_STATE_HOME: state });
    return runProcess(process.execPath, [CLI_MAIN, ...args], { env });
  };
  const client = () => createClient({ url: gateway.url });

  const unnamed = await tailrace('import', file, '--archive-class', 'old-access');
  expect(unnamed.code).not.toBe(0);
  expect(unnamed.stderr).toContain('class "old-access" is new; the days it is kept must be given with it');

  for (const [given, allowed] of [
    ['Old=3', 'class is "Old"; allowed: a-z, 0-9 and -, at most 32'],
    ['old=0', 'days is "0": must be a whole number from 1 to 36500'],
    ['old=3.5', '--archive-class is "old=3.5"; allowed: a name, and days behind it'],
  ] as const) {
    const refused = await tailrace('import', file, '--archive-class', given);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(allowed);
  }

  const imported = await tailrace('import', file, '--archive-class', 'old-access=36500');
  expect(imported.code).toBe(0);
  expect(imported.stdout).toContain('3,000 lines read, 3,000 imported, 0 refused');
  const again = await tailrace('import', file, '--archive-class', 'old-access');
  expect(again.stderr).toContain('was imported before');
  // Its requests are known, so that sending them once more changes nothing.
  const forced = await tailrace('import', file, '--again', '--archive-class', 'old-access');
  expect(forced.code).toBe(0);

  const count = async () => {
    let entries = 0;
    for await (const _ of client().export({ to: '2016-01-01T00:00:00Z', from: '2015-01-01T00:00:00Z' }))
      entries += 1;
    return entries;
  };
  expect(await count()).toBe(LINES);
  const window = { from: '2015-01-01T00:00:00Z', to: '2016-01-01T00:00:00Z' };
  expect((await client().stats(window)).requests.total).toBe(LINES);
  expect(await tailrace('archive', 'status')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('old-access'),
  });

  await gateway.stop();
  gateway = await start({ DATA_DIR: data });
  expect(await count()).toBe(LINES);
  const { logs } = await client().search({ ...window, limit: 1 });
  const ip = logs[0]?.client_ip ?? '';
  const ofIp = (await client().search({ ...window, ip, limit: 1_000 })).logs.length;
  for await (const _ of client().clear({ ip }));
  expect(await count()).toBe(LINES - ofIp);
}, 120_000);

test('a request brings as many entries as become a file worth having, and no more', async () => {
  const gateway = await start({ DATA_DIR: join(await newFolder(), 'data') });
  const { ask } = createClient({ url: gateway.url });
  const query = { class: 'old', days: 36_500 };
  const body = Array.from({ length: 10_001 }, (_, i) => ({ timestamp: 1_400_000_000_000 + i, message: 'm' }));
  await expect(ask('POST /logs/archive', { query, body })).rejects.toThrow(
    'the body has 10001 entries; allowed: 10000 in one request',
  );
  const { accepted } = await ask('POST /logs/archive', { query, body: body.slice(1) });
  expect(accepted).toBe(10_000);
  const { archive } = await ask('GET /logs/archive');
  expect(archive?.days).toMatchObject([{ class: 'old', day: '2014-05-13', files: 1, entries: 10_000 }]);
}, 60_000);

test('a gateway without an archive says so', async () => {
  const folder = await newFolder();
  const file = await oldLog(folder);
  const gateway = await start({ DATA_DIR: '' });
  const env = environmentWith({ TAILRACE_URL: gateway.url, XDG_STATE_HOME: join(folder, 'state') });
  const refused = await runProcess(
    process.execPath,
    [CLI_MAIN, 'import', file, '--archive-class', 'old=3650'],
    { env },
  );
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('there is no archive to import into; DATA_DIR names its folder');
}, 60_000);
