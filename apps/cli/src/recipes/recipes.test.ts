import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OAuthFlowsReply, OAuthSummaryReply } from '@tailrace/api';
import { describe, expect, test } from 'vitest';
import { fakeEntry, replyJson, startFakeGateway } from '../testing/fake-gateway.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const JUST = `${ROOT}node_modules/.bin/just`;
const execute = promisify(execFile);
const ERRORS = { min_level: 'ERROR', 'level!': 'AUDIT' };

/** The program that npm's package of just launches, for this machine. */
function justProgram(): string {
  const ofPackage = createRequire(realpathSync(`${ROOT}node_modules/rust-just/package.json`));
  return ofPackage.resolve(`rust-just-${process.platform}-${process.arch}/bin/just`);
}

async function runRecipe(args: readonly string[], cwd = ROOT) {
  await using gateway = await startFakeGateway([fakeEntry(1)], ({ url }, response) =>
    /^\/(logs\/oauth|api\/)/.test(url.pathname) ? replyJson(response, 200, nothingOf(url.pathname)) : false,
  );
  const env = { ...process.env, TAILRACE_URL: gateway.url, NO_COLOR: '1' };
  const { stdout, stderr } = await execute(JUST, args, { cwd, env });
  return { stdout, stderr, request: gateway.requests[0] };
}

const NO_COSTS = { total_cost_usd: 0, total_tokens: 0, requests: 0, average_cost_usd: 0, groups: [] };
const NO_RUN = { started: null, ended: null, status: 'RUNNING', user_id: null, duration_ms: null };

function nothingOf(path: string): object {
  const none = { query: {}, partial: false };
  if (path.startsWith('/logs/')) return noFlows(path);
  if (path === '/api/costs') return { ...none, ...NO_COSTS };
  if (path.startsWith('/api/audit/')) {
    return {
      ...none,
      audit: [],
      count: 0,
      total: 0,
      next_cursor: null,
      entity: { type: '', id: '' },
      values: [],
    };
  }
  const counts = { steps: 0, failed_steps: 0, cost_usd: 0, tokens: 0 };
  return { ...none, run: { run_id: '', ...NO_RUN, ...counts }, timeline: [] };
}

function noFlows(path: string): OAuthFlowsReply | OAuthSummaryReply {
  if (!path.startsWith('/logs/oauth/')) return { query: {}, flows: [], count: 0, partial: false };
  const flows = { complete: 0, open: 0, failed: 0, abandoned: 0 };
  return { query: {}, flows, activity: [], causes: [], partial: false };
}

/** Runs a recipe where `docker` only says what it was given. */
async function runWithDocker(args: readonly string[], script = 'printf "%s\\n" "$@"'): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'recipes-'));
  try {
    await writeFile(join(folder, 'docker'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'docker'), 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const { stdout } = await execute(JUST, args, { cwd: ROOT, env });
    return stdout.trimEnd().split('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('a recipe', () => {
  test.each([
    [['logs', '--help'], 'just logs [hours] [event] [level] [hostname] [limit] [token]'],
    [['logs-ip', '192.0.2.1', '1', '--help'], 'just logs-ip <ip> [hours]'],
    [['logs-import', '--help'], 'just logs-import <file> [flags...]'],
    [['logs-docker', '--help'], 'just logs-docker [lines] [follow]'],
    [['logs-clear', '--help'], 'just logs-clear [token]'],
  ])('%j shows the help of the recipe', async (args, usage) => {
    const { stdout, stderr } = await execute(JUST, args, { cwd: ROOT });
    expect(stdout).toContain(usage);
    expect(stderr).toBe('');
  });

  test.each([
    [['logs', 'foo=bar'], 'logs has no argument "foo"; it has hours, event, level, hostname, limit, token'],
    [['logs', '1', '', '', '', '', '', 'x'], 'logs has no place for "x"; it takes [hours] [event]'],
    [['logs-ip', ''], 'logs-ip needs <ip>, such as: just logs-ip 192.168.1.1 24'],
    [['logs-errors-debug', '1', 'maybe'], 'include-warnings is "maybe"; allowed: yes or no'],
    [['logs', 'limit=0'], 'the limit must be a whole number of at least 1'],
  ])('%j says what is wrong', async (args, text) => {
    const failure = await execute(JUST, args, { cwd: ROOT }).catch((error) => error);
    expect(failure).toMatchObject({ code: 2, stdout: '' });
    expect(failure.stderr).toContain(`tailrace: ${text}`);
    expect(failure.stderr.split('\n')).toHaveLength(2);
  });

  test("prints the program's output alone, from any folder", async () => {
    const { stdout, stderr } = await runRecipe(['logs', '1'], `${ROOT}apps/cli`);
    expect({ stdout, stderr }).toEqual({
      stdout: '2024-01-15 10:30:45.124Z INFO app  message 1\n',
      stderr: '',
    });
  });

  test.each([
    [['logs-method', 'POST', '2', '5'], '/logs', { method: 'POST', kind: 'request', hours: '2', limit: '5' }],
    [['logs-status', '5xx'], '/logs', { status: '5xx', hours: '24', limit: '100' }],
    [['logs-path', '/users/*', '', ''], '/logs', { path: '/users/*', hours: '24', limit: '100' }],
    [['logs-slow'], '/logs/slow', { threshold: '1000', hours: '24', limit: '100' }],
    [['logs-slow', '250', '1', '7'], '/logs/slow', { threshold: '250', hours: '1', limit: '7' }],
    [['logs-oauth-flow'], '/logs/oauth-flow', { hours: '24' }],
    [
      ['logs-oauth-flow', 'my-app', 'ada', '2'],
      '/logs/oauth-flow',
      { client_id: 'my-app', username: 'ada', hours: '2' },
    ],
    [['logs-oauth-user', 'ada', '2', '5'], '/logs/oauth-flow', { username: 'ada', hours: '2', limit: '5' }],
    [['logs-oauth-debug', '192.0.2.1'], '/logs/oauth-debug/192.0.2.1', { hours: '24', limit: '100' }],
    [['logs-oauth', '192.0.2.1', '2'], '/logs/oauth/192.0.2.1', { hours: '2', limit: '100' }],
    [['logs-errors-debug'], '/logs', { hours: '24', limit: '100', ...ERRORS }],
    [['logs-errors-debug', '1', '5'], '/logs', { hours: '1', limit: '5', ...ERRORS }],
    [['logs-errors', '1', '5'], '/logs/errors', { hours: '1', limit: '5' }],
    [['logs', 'ERROR'], '/logs', { level: 'ERROR', hours: '24', limit: '100' }],
    [['logs', 'level=ERROR', 'limit=5'], '/logs', { level: 'ERROR', hours: '24', limit: '5' }],
    [
      ['logs', '2', 'component=db', 'status!=404', 'min_level=warning'],
      '/logs',
      { hours: '2', component: 'db', 'status!': '404', min_level: 'warning', limit: '100' },
    ],
    [
      ['logs', '2', 'data.order.id=7', 'data.plan!=free', 'user=alice'],
      '/logs',
      { hours: '2', 'data.order.id': '7', 'data.plan!': 'free', user: 'alice', limit: '100' },
    ],
    [['logs-search', 'a=b', 'limit=3'], '/logs/search', { q: 'a=b', hours: '24', limit: '3' }],
    [['logs-search', 'level=ERROR'], '/logs/search', { level: 'ERROR', hours: '24', limit: '100' }],
    [['logs-trace', 'req-123'], '/logs', { trace: 'req-123', hours: '24', limit: '100' }],
    [['logs-object', 'vm-123'], '/logs', { object: 'vm-123', hours: '24', limit: '100' }],
    [['logs-audit', '1', 'alice'], '/logs', { level: 'AUDIT', user: 'alice', hours: '1', limit: '100' }],
    [['logs-entity', 'user:42'], '/logs', { level: 'AUDIT', object: 'user:42', hours: '24', limit: '100' }],
    [['logs-run', 'run-001'], '/api/runs/run-001', {}],
    [['logs-costs', '48', 'day'], '/api/costs', { hours: '48', by: 'day' }],
    [['logs-history', 'user:42', '5'], '/api/audit/entities/user/42', { limit: '5' }],
    [['logs-ip', 'ip=::1', 'hours=3'], '/logs', { ip: '::1', hours: '3', limit: '100' }],
    [
      ['logs-errors-debug', '2', 'yes', '7'],
      '/logs',
      { hours: '2', limit: '7', min_level: 'WARNING', 'level!': 'AUDIT' },
    ],
  ])('%j asks %s', async (args, path, query) => {
    const { request } = await runRecipe(args);
    expect(request?.url.pathname).toBe(path);
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual(query);
  });

  test.each([
    ['logs', '', '', '', '', ''],
    ['logs-status', '404', '', ''],
    ['logs-errors-debug', '', '', ''],
    ['logs-slow', '', '', ''],
  ])('%s takes a token as its last argument', async (...args) => {
    const { request } = await runRecipe([...args, 's3cret']);
    expect(request?.headers.authorization).toBe('Bearer s3cret');
  });

  test('logs-clear removes nothing where nobody can be asked', async () => {
    const failure = await runRecipe(['logs-clear', 's3cret']).catch((error) => error);
    expect(failure).toMatchObject({ code: 2, stdout: '' });
    expect(failure.stderr).toContain('nothing was removed: there is no terminal to ask; give yes=yes');
  });

  test.each([
    [['logs-docker'], ['compose', 'logs', '--tail=100']],
    [
      ['logs-docker', '5', 'yes'],
      ['compose', 'logs', '--tail=5', '--follow'],
    ],
    [
      ['logs-docker', '5', 'no'],
      ['compose', 'logs', '--tail=5'],
    ],
    [['logs-service'], ['compose', 'logs', '--tail=100', '--', 'gateway']],
    [
      ['logs-service', '-x $(id)', '7'],
      ['compose', 'logs', '--tail=7', '--', '-x $(id)'],
    ],
    [
      ['logs-service', 'lines=3'],
      ['compose', 'logs', '--tail=3', '--', 'gateway'],
    ],
  ])('%j runs docker', async (args, given) => {
    expect(await runWithDocker(args)).toEqual(given);
  });

  test('logs-docker says what is missing where docker has no compose command', async () => {
    const failure = await runWithDocker(['logs-docker'], 'exit 125').catch((error) => error);
    expect(failure).toMatchObject({ code: 1, stdout: '' });
    expect(failure.stderr).toMatch(/^tailrace: logs-docker: docker has no compose command: install .+\n$/);
  });

  test.each(['$(id) `id` \'" \\ ; {{x}} * ? #\n!', '--json', '-h'])(
    'hands on the hostile value %j as it is',
    async (value) => {
      const { request } = await runRecipe(['logs-search', value, value, value, value, value]);
      const query = { q: value, hours: value, event: value, level: value, hostname: value, limit: '100' };
      expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual(query);
    },
  );

  // npm's launcher of just ends with 130 whatever just does, so just itself is asked.
  test('logs-follow ended by Ctrl-C is no failure', async () => {
    let isFollowing = () => {};
    const following = new Promise<void>((resolve) => {
      isFollowing = resolve;
    });
    await using gateway = await startFakeGateway([], (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
      isFollowing();
      return true;
    });
    const just = spawn(justProgram(), ['logs-follow'], {
      cwd: ROOT,
      env: { ...process.env, TAILRACE_URL: gateway.url },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    const exited = once(just, 'exit');
    await following;
    process.kill(-(just.pid as number), 'SIGINT');
    expect(await exited).toEqual([0, null]);
  });

  test('logs-follow that fails says so by its exit code', async () => {
    const env = { ...process.env, TAILRACE_URL: 'http://127.0.0.1:9' };
    const failure = await execute(JUST, ['logs-follow'], { cwd: ROOT, env }).catch((error) => error);
    expect(failure).toMatchObject({ code: 1, stderr: expect.stringContaining('no gateway answers') });
  });

  test("imports a file named from the caller's folder", async () => {
    const { stdout } = await runRecipe(['logs-import', 'main.ts'], `${ROOT}apps/cli/src`).catch(
      (error) => error,
    );
    expect(stdout).toMatch(/^\d+ lines read, 0 imported/);
  });
});
