import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@tailrace/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { CLI_MAIN } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

/** What a terminal acts on or hides: C0 but the line's end, DEL, C1, bidi controls, zero-width, line separators. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const HARMFUL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const HOSTILE = 'a\u009b31m\u202eb\u2066\u200b\u2028\u0085\x7f\x1b[2Jc';

let gateway: GatewayProcess;
let folder: string;
let ids: (string | null)[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-terminal-'));
  gateway = await startGatewayProcess();
  const request = { method: 'GET', path: `/${HOSTILE}`, status_code: 500, response_time_ms: 5_000 };
  const login = { event: 'oauth.authorize', client_ip: '192.0.2.1', client_id: HOSTILE, user_id: HOSTILE };
  ({ ids } = await createClient({ url: gateway.url }).ingest([
    { message: HOSTILE, component: HOSTILE, event: HOSTILE, user_id: HOSTILE, data: { [HOSTILE]: HOSTILE } },
    { ...request, client_ip: '192.0.2.1', error: { type: HOSTILE, message: HOSTILE } },
    { ...login, message: HOSTILE, data: { oauth: { error_description: HOSTILE } } },
  ]));
});
afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function tailrace(...args: readonly string[]): Promise<string> {
  const env = environmentWith({ TAILRACE_URL: gateway.url });
  const { stdout, stderr, code } = await runProcess(process.execPath, [CLI_MAIN, ...args], { env });
  expect({ args, stderr, code }).toEqual({ args, stderr: expect.any(String), code: 0 });
  return stdout;
}

test.each([
  ['logs'],
  ['errors'],
  ['errors-debug'],
  ['slow'],
  ['stats'],
  ['events'],
  ['top', 'path'],
  ['top', 'user'],
  ['histogram'],
  ['oauth', '192.0.2.1'],
  ['oauth-debug', '192.0.2.1'],
  ['oauth-flow'],
  ['delivery'],
])('%s %s --json into a pipe has no character a terminal acts on', async (...args) => {
  const printed = await tailrace(...args, '--json');
  expect(printed).not.toMatch(HARMFUL);
  for (const line of printed.trimEnd().split('\n')) JSON.parse(line);
});

test('--json is exact all the same', async () => {
  const [entry] = (await tailrace('entry', ids[0] ?? '', '--json')).split('\n');
  expect(entry).not.toMatch(HARMFUL);
  expect(JSON.parse(entry ?? '')).toMatchObject({ message: HOSTILE, data: { [HOSTILE]: HOSTILE } });
});

test('levels --json', async () => {
  await tailrace('levels', HOSTILE, 'debug');
  const printed = await tailrace('levels', '--json');
  expect(printed).not.toMatch(HARMFUL);
  expect(JSON.parse(printed).components).toEqual({ [HOSTILE]: 'DEBUG' });
});

test('lines an import refused are kept in the same way', async () => {
  const [log, refused] = [join(folder, 'log'), join(folder, 'refused')];
  await writeFile(log, `no log line ${HOSTILE}\n{"message":"m"}\n`);
  await tailrace('import', log, '--refused', refused);
  const kept = await readFile(refused, 'utf8');
  expect(kept).not.toMatch(HARMFUL);
  expect(JSON.parse(kept.trimEnd()).text).toContain(HOSTILE);
});
