import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DEFAULT_HOURS, DEFAULT_LIMIT } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { fakeEntry, startFakeGateway } from './testing/fake-gateway.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const JUST = `${ROOT}node_modules/.bin/just`;
const execute = promisify(execFile);

/** Lines of the specification's "Log Query Commands", as far as there are recipes. */
const SPECIFIED = `
logs [hours] [event] [level] [hostname] [limit] [token]
logs-ip <ip> [hours] [event] [level] [limit] [token]
logs-proxy <hostname> [hours] [limit] [token]
logs-hostname <hostname> [hours] [limit] [token]
logs-oauth-client <client-id> [hours] [event] [level] [limit] [token]
logs-search [query] [hours] [event] [level] [hostname] [limit] [token]
logs-errors [hours] [limit] [token]
logs-follow [interval] [event] [level] [hostname] [token]
logs-test [token]
logs-user <user-id> [hours] [limit] [token]
logs-session <session-id> [hours] [limit] [token]
logs-help
`;

interface Recipe {
  readonly doc: string | null;
  readonly parameters: readonly { readonly name: string; readonly default: string | null }[];
}

async function recipes(): Promise<Record<string, Recipe>> {
  const { stdout } = await execute(JUST, ['--dump', '--dump-format', 'json'], { cwd: ROOT });
  return JSON.parse(stdout).recipes;
}

async function runRecipe(args: readonly string[], cwd = ROOT) {
  await using gateway = await startFakeGateway([fakeEntry(1)]);
  const env = { ...process.env, TAILRACE_URL: gateway.url, NO_COLOR: '1' };
  const { stdout, stderr } = await execute(JUST, args, { cwd, env });
  return { stdout, stderr, request: gateway.requests[0] };
}

describe('justfile', () => {
  test('has the specified recipes with their arguments in order', async () => {
    const found = await recipes();
    for (const line of SPECIFIED.trim().split('\n')) {
      const [name = '', ...parameters] = line.split(' ');
      const written = found[name]?.parameters.map((parameter) =>
        parameter.default === null ? `<${parameter.name}>` : `[${parameter.name}]`,
      );
      expect([name, written]).toEqual([name, parameters]);
      expect(found[name]?.doc).toBeTruthy();
    }
  });

  test('has the defaults of the gateway', async () => {
    for (const { parameters } of Object.values(await recipes())) {
      for (const parameter of parameters) {
        if (parameter.name === 'hours') expect(parameter.default).toBe(String(DEFAULT_HOURS));
        if (parameter.name === 'limit') expect(parameter.default).toBe(String(DEFAULT_LIMIT));
      }
    }
  });

  test('names every logs recipe in logs-help', async () => {
    const { stdout } = await execute(JUST, ['logs-help'], { cwd: ROOT });
    for (const name of Object.keys(await recipes()).filter((name) => name.startsWith('logs'))) {
      expect(stdout).toContain(`just ${name}`);
    }
  });

  test("prints the program's output alone, from any folder", async () => {
    const { stdout, stderr } = await runRecipe(['logs', '1'], `${ROOT}apps/cli`);
    expect({ stdout, stderr }).toEqual({
      stdout: '2024-01-15 10:30:45.124Z INFO app  message 1\n',
      stderr: '',
    });
  });

  test.each(['$(id) `id` \'" \\ ; {{x}} * ? #\n!', '--json', '-h'])(
    'hands on the hostile value %j as it is',
    async (value) => {
      const { request } = await runRecipe(['logs-search', value, value, value, value, value]);
      const query = { q: value, hours: value, event: value, level: value, hostname: value, limit: '100' };
      expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual(query);
    },
  );

  test("imports a file named from the caller's folder", async () => {
    const { stdout } = await runRecipe(['logs-import', 'package.json'], `${ROOT}apps/cli`).catch(
      (error) => error,
    );
    expect(stdout).toMatch(/^\d+ lines read, 0 imported/);
  });
});
