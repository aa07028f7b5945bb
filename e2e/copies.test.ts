import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type EmbeddedEngine, startEmbeddedEngine } from '@tailrace/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { repositoryPath, testProcessPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

let engine: EmbeddedEngine;
let folder: string;

beforeAll(async () => {
  engine = await startEmbeddedEngine();
  folder = await mkdtemp(join(tmpdir(), 'tailrace-copies-'));
});
afterAll(async () => {
  await engine?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

/** The URL of a copy of the package, as a second one in `node_modules` or a development server's would be. */
async function copyOfLogger(name: string, version?: string): Promise<string> {
  const target = join(folder, name);
  await cp(repositoryPath('packages/logger/dist'), join(target, 'dist'), { recursive: true });
  await cp(repositoryPath('packages/logger/package.json'), join(target, 'package.json'));
  await symlink(repositoryPath('packages/logger/node_modules'), join(target, 'node_modules'));
  if (version !== undefined) {
    const file = join(target, 'dist/version.js');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/'\d+\.\d+\.\d+'/, `'${version}'`));
  }
  return pathToFileURL(join(target, 'dist')).href;
}

const run = (name: string, ...args: string[]) =>
  runProcess(process.execPath, [testProcessPath(name), ...args], {
    env: environmentWith({ REDIS_URL: engine.url, LOG_LEVEL: 'ERROR' }),
  });

test('two copies of the package have one logger, one context and one recorder', async () => {
  const { stdout, stderr } = await run('log-through-copies.mjs', await copyOfLogger('same'));
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    recorded: [{ message: 'from the copy', trace_id: 't-1' }],
    accepted: [2, 2],
    written: [2, 2],
  });
});

test('copies of two versions say so, and log through the first', async () => {
  const { stdout, stderr } = await run('log-through-copies.mjs', await copyOfLogger('other', '9.9.9'));
  expect(stderr).toBe(
    'tailrace logger: @tailrace/logger is loaded in two versions, 0.1.0 and 9.9.9: all log through the first; install one\n',
  );
  expect(JSON.parse(stdout)).toMatchObject({ written: [2, 2] });
});

test('a development server that loads and configures it anew at each edit leaves no connection and no listener', async () => {
  const copies = [];
  for (let edit = 0; edit < 12; edit++) copies.push(await copyOfLogger(`edit-${edit}`));
  const { stdout, stderr } = await run('configure-anew.mjs', ...copies);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    connections: 1,
    listeners: { beforeExit: 1, exit: 1, SIGTERM: 1, SIGINT: 1 },
    written: 1,
  });
});

test('the version that copies compare is that of the package', async () => {
  const { version } = JSON.parse(await readFile(repositoryPath('packages/logger/package.json'), 'utf8'));
  expect(await readFile(repositoryPath('packages/logger/src/version.ts'), 'utf8')).toContain(`'${version}'`);
});
