import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocksOf } from './testing/doc-blocks.js';
import { runProcess } from './testing/finished-process.js';
import { readPage } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { repositoryPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

let gateway: GatewayProcess;
let redisUrl: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-connect-'));
  await symlink(repositoryPath('e2e/node_modules'), join(folder, 'node_modules'));
  gateway = await startGatewayProcess();
  redisUrl = /REDIS_URL=(\S+)/.exec(gateway.banner)?.[1] as string;
});
afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true });
});

/** Runs the program of a page, as a service with REDIS_URL does, and gives back what the gateway has of its component. */
async function entriesOf(page: string, component: string, part = '') {
  const program = blocksOf(page).find(({ language, text }) => language === 'js' && text.includes(part));
  const path = join(folder, `${page.replace(/\W+/g, '-')}-${component}.mjs`);
  await writeFile(path, (program?.text ?? '').replaceAll('http://127.0.0.1:4680', gateway.url));
  const env = environmentWith({ REDIS_URL: redisUrl });
  const { code, stdout, stderr } = await runProcess(process.execPath, [path], { env, cwd: folder });
  expect(code, stdout + stderr).toBe(0);
  return (await readPage(gateway.url, `/logs?component=${component}`)).logs;
}

test('the program of docs/connect/opentelemetry.md', async () => {
  expect(await entriesOf('docs/connect/opentelemetry.md', 'orders')).toMatchObject([
    { level: 'WARNING', message: 'stock is low', data: { item: 7, scope: 'checkout' } },
  ]);
});

test('the program of docs/connect/opentelemetry.md that sends with the logger', async () => {
  expect(await entriesOf('docs/connect/opentelemetry.md', 'stock', 'otlp({')).toMatchObject([
    {
      level: 'WARNING',
      message: 'stock is low',
      data: { item: 7, scope: 'checkout', resource: { 'service.version': '1.4.2' } },
    },
  ]);
});

test('the program of docs/connect/consumers.md has every entry from its begin on, once', async () => {
  const program = blocksOf('docs/connect/consumers.md').find(({ language }) => language === 'mjs');
  const path = join(folder, 'consumers.mjs');
  await writeFile(path, program?.text ?? '');
  const redis = new Redis(redisUrl);
  const ingest = (messages: readonly string[]) =>
    fetch(`${gateway.url}/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(messages.map((message) => ({ message, component: 'consumed' }))),
    });
  await ingest(['before']);
  // The group is there before the member, so that it misses nothing however long its start takes.
  await redis.xgroup('CREATE', 'stream:requests', 'billing', '$', 'MKSTREAM');
  const messages = Array.from({ length: 150 }, (_, i) => `entry ${i}`);
  await ingest(messages);
  await ingest(['the last one']);
  const env = environmentWith({ REDIS_URL: redisUrl });
  const { code, stdout, stderr } = await runProcess(process.execPath, [path], { env, cwd: folder });
  expect(code, stderr).toBe(0);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(line.indexOf(' ') + 1)),
  ).toEqual([...messages, 'the last one']);
  expect(await redis.xpending('stream:requests', 'billing')).toEqual([0, null, null, null]);
  redis.disconnect();
});

const LOGGERS = 'docs/connect/node-loggers.md';
const TYPE_ERROR = { type: 'TypeError', message: 'no such table', stack: expect.stringContaining('at ') };

test.each([
  [
    'pinoStream',
    'shop',
    [
      {
        level: 'WARNING',
        message: 'stock is low',
        request_id: 'req-7',
        user_id: '42',
        data: { item: { id: 5 } },
      },
      { level: 'ERROR', message: 'no such table', error: TYPE_ERROR },
    ],
  ],
  ['pino.transport', 'worker', [{ level: 'INFO', message: 'in a worker', request_id: 'req-8' }]],
  ['bunyan', 'old', [{ level: 'WARNING', message: 'careful', request_id: 'req-9', data: { size: 3 } }]],
  [
    'winston',
    'store',
    [
      { level: 'WARNING', message: 'stock is low', request_id: 'req-10', user_id: '42' },
      { level: 'ERROR', message: 'query failed no such table', error: TYPE_ERROR },
    ],
  ],
  [
    'logtape',
    'tape.db',
    [{ level: 'WARNING', message: '12 rows', request_id: 'req-11', data: { count: 12 } }],
  ],
  [
    'captureConsole',
    'script',
    [
      { level: 'WARNING', message: 'stock is low: 3' },
      {
        level: 'ERROR',
        message: expect.stringContaining('query failed TypeError: no such table'),
        error: TYPE_ERROR,
      },
    ],
  ],
])('the program of docs/connect/node-loggers.md with %s', async (part, component, entries) => {
  const found = await entriesOf(LOGGERS, component, part);
  expect(found.filter((entry) => entry.component === component)).toMatchObject(entries);
});
