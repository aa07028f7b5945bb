import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
async function entriesOf(page: string, component: string) {
  const [program] = blocksOf(page).filter(({ language }) => language === 'js');
  const path = join(folder, `${page.replace(/\W+/g, '-')}.mjs`);
  await writeFile(path, (program?.text ?? '').replaceAll('http://127.0.0.1:4680', gateway.url));
  const env = environmentWith({ REDIS_URL: redisUrl });
  const { code, stderr } = await runProcess(process.execPath, [path], { env, cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (await readPage(gateway.url, `/logs?component=${component}`)).logs;
}

test('the program of docs/connect/opentelemetry.md', async () => {
  expect(await entriesOf('docs/connect/opentelemetry.md', 'shop')).toMatchObject([
    { level: 'WARNING', message: 'stock is low', data: { item: 7, scope: 'checkout' } },
  ]);
});
