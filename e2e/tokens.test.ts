import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@tailrace/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { CLI_MAIN, GATEWAY_MAIN } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

interface Made {
  readonly token: string;
  readonly line: string;
}

let folder: string;
let file: string;
let gateway: GatewayProcess;
let reader: Made;
let admin: Made;

const tailrace = (args: readonly string[], settings: Record<string, string> = {}) =>
  runProcess(process.execPath, [CLI_MAIN, ...args], { env: environmentWith(settings) });
const makeToken = async (name: string, scope: string): Promise<Made> =>
  JSON.parse((await tailrace(['token', 'create', '--name', name, '--scope', scope, '--json'])).stdout);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokens-'));
  file = join(folder, 'tokens');
  [reader, admin] = await Promise.all([makeToken('reader', 'read'), makeToken('admin', 'admin')]);
  await writeFile(file, `# who may ask\n${reader.line}\n`);
  gateway = await startGatewayProcess({ HOST: '0.0.0.0', TOKENS_FILE: file, LOG_TOKENS: admin.line });
});
afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

const url = () => gateway.url.replace('0.0.0.0', '127.0.0.1');

test('the command line asks with its token, and says what is missing', async () => {
  const ask = (args: string[], token?: string) =>
    tailrace(args, { TAILRACE_URL: url(), ...(token !== undefined && { TAILRACE_TOKEN: token }) });
  expect(await ask(['test'], admin.token)).toMatchObject({ code: 0 });
  expect((await ask(['logs'], reader.token)).stdout).toContain('test entry');
  expect((await ask(['export'], reader.token)).stdout.trimEnd().split('\n')).toHaveLength(1);
  const refused = await ask(['test'], reader.token);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('one with scope write or admin');
  expect((await ask(['logs'])).stderr).toContain('a token is needed here');
  expect((await ask(['logs', '--token', reader.token])).code).toBe(0);
});

test('the stream is followed with a token, and refused without', async () => {
  const ending = new AbortController();
  const seen = createClient({ url: url(), token: reader.token }).stream(
    // It may be stored before the follower is there.
    { q: 'live', tail: 1 },
    { signal: ending.signal },
  );
  const first = seen.next();
  await createClient({ url: url(), token: admin.token }).ingest({ message: 'live' });
  expect((await first).value).toMatchObject({ type: 'entry', entry: { message: 'live' } });
  ending.abort();
  expect((await fetch(`${url()}/logs/stream`)).status).toBe(401);
});

test('a token taken out of the file is refused without a restart', async () => {
  const client = createClient({ url: url(), token: reader.token });
  expect((await client.search()).logs.length).toBeGreaterThan(0);
  await writeFile(file, '');
  const status = () =>
    client.search().then(
      () => 200,
      (error) => error.status,
    );
  await expect.poll(status, { timeout: 5_000, interval: 500 }).toBe(401);
});

test('without tokens it does not listen beyond this machine', async () => {
  const { code, stderr } = await runProcess(process.execPath, [GATEWAY_MAIN], {
    env: environmentWith({ PORT: '0', ENGINE_PORT: '0', HOST: '0.0.0.0' }),
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/HOST is "0\.0\.0\.0"; allowed: 127\.0\.0\.1.*TOKENS_FILE/);
});
