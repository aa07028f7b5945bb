import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntryReply } from '@tailrace/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FinishedProcess, runProcess } from './testing/finished-process.js';
import { readPages } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { CLI_MAIN, pnpmCommand, repositoryPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';
import { testUnless } from './testing/test-unless.js';

/** 10,000 real lines; they lie beside the project and are no part of it. */
const ACCESS_LOG = repositoryPath('../shared/data/apache_logs');
const noAccessLog = existsSync(ACCESS_LOG) ? undefined : 'no ../shared/data/apache_logs';

const LINES = [
  '198.51.100.4 - - [15/Jan/2024:10:30:45 +0000] "GET /fine HTTP/1.1" 200 10 "-" "curl/8"',
  '198.51.100.4 - ada [15/Jan/2024:10:30:46 +0000] "POST /broken HTTP/1.1" 500 11 "-" "curl/8"',
  '198.51.100.5 - - [15/Jan/2024:10:30:47 +0000] "GET /missing HTTP/1.1" 404 12 "-" "\x1b[31mred"',
];

describe('the command line and a real gateway', () => {
  let gateway: GatewayProcess;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    gateway = await startGatewayProcess();
    folder = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
    file = join(folder, 'access.log');
    await writeFile(file, `${LINES.join('\n')}\n`);
    const imported = await tailrace('import', file, '--rebase-to-now');
    expect(imported).toMatchObject({ code: 0, stdout: '3 lines read, 3 imported, 0 refused\n' });
  });
  afterAll(async () => {
    await gateway?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const environment = () => environmentWith({ TAILRACE_URL: gateway.url });
  const tailrace = (...args: string[]) =>
    runProcess(process.execPath, [CLI_MAIN, ...args], { env: environment() });
  const just = (...args: string[]): Promise<FinishedProcess> => {
    const [command, ...rest] = pnpmCommand();
    return runProcess(command, [...rest, '--silent', 'exec', 'just', ...args], {
      cwd: repositoryPath(''),
      env: environment(),
    });
  };
  const paths = ({ stdout }: FinishedProcess) => stdout.match(/\/(fine|broken|missing)\b/g);

  test.each([
    { args: ['logs'], found: ['/fine', '/broken', '/missing'] },
    { args: ['logs', '--status', '5xx'], found: ['/broken'] },
    { args: ['logs', '--limit', '1'], found: ['/missing'] },
    { args: ['ip', '198.51.100.4'], found: ['/fine', '/broken'] },
    { args: ['search', 'broken'], found: ['/broken'] },
    { args: ['errors'], found: ['/broken', '/missing'] },
    { args: ['user', 'ada'], found: ['/broken'] },
  ])('tailrace $args shows what there is, oldest first', async ({ args, found }) => {
    const finished = await tailrace(...args);
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(paths(finished)).toEqual(found);
  });

  test.each([
    { args: ['logs', '1'], found: ['/fine', '/broken', '/missing'] },
    { args: ['logs-ip', '198.51.100.4'], found: ['/fine', '/broken'] },
    { args: ['logs-search', 'broken', '24'], found: ['/broken'] },
    { args: ['logs-errors', '24', '1'], found: ['/missing'] },
  ])('just $args shows what there is, oldest first', async ({ args, found }) => {
    const finished = await just(...args);
    expect(finished.code, finished.stderr).toBe(0);
    expect(paths(finished)).toEqual(found);
  });

  test('just logs-test writes an entry and reads it back', async () => {
    const { code, stdout } = await just('logs-test');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^ok: log:\d+:\S+ written in /),
    });
  });

  test('--json prints what the gateway replied, one object a line', async () => {
    const { stdout } = await tailrace('ip', '198.51.100.5', '--json');
    const [entry, ...others] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as EntryReply);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ path: '/missing', status_code: 404, user_agent: '\x1b[31mred' });
  });

  test('follow shows an entry written after it began, and ends by SIGINT with exit code 0', async () => {
    const child = spawn(process.execPath, [CLI_MAIN, 'follow', '--component', 'followed'], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    // When it has begun cannot be seen from outside, so it is written until it is seen.
    await expect
      .poll(
        async () => {
          const body = JSON.stringify({ message: 'here I am', component: 'followed' });
          const headers = { 'content-type': 'application/json' };
          await fetch(`${gateway.url}/logs`, { method: 'POST', headers, body });
          return stdout;
        },
        { timeout: 20_000, interval: 200 },
      )
      .toMatch(/INFO followed +here I am\n/);
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
  });

  test('a gateway that is down is one line and exit code 1', async () => {
    const { code, stdout, stderr } = await tailrace('logs', '--url', 'http://127.0.0.1:1');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^tailrace: .*127\.0\.0\.1:1.*\n$/);
  });
});

describe('an import of 10,000 real lines', () => {
  testUnless(noAccessLog)('finds every line again, none twice', async () => {
    const gateway = await startGatewayProcess();
    try {
      const args = [CLI_MAIN, 'import', ACCESS_LOG, '--rebase-to-now'];
      const env = environmentWith({ TAILRACE_URL: gateway.url });
      const imported = await runProcess(process.execPath, args, { env });
      expect(imported).toMatchObject({ code: 0, stderr: '' });
      expect(imported.stdout).toMatch(/^10,000 lines read, 10,000 imported, 0 refused\n/);
      const found = async (path: string, limit?: number) =>
        (await readPages(gateway.url, `${path}?hours=168`, limit)).flatMap(({ logs }) =>
          logs.map(({ id }) => id),
        );
      const all = await found('/logs');
      expect([all.length, new Set(all).size]).toEqual([10_000, 10_000]);
      const client = await found('/logs/ip/66.249.73.135', 100);
      expect([client.length, new Set(client).size]).toEqual([482, 482]);
      expect(new Set(await found('/logs/errors', 50)).size).toBe(220);
    } finally {
      await gateway.stop();
    }
  });
});
