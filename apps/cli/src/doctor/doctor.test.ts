import { describe, expect, test } from 'vitest';
import { replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';
import { checkNode } from './process-checks.js';
import { clockFinding, memoryFinding } from './redis-checks.js';

const HEALTH = {
  status: 'ok',
  version: '0.1.0',
  engine: 'Valkey 9',
  embedded: false,
  redis_url: null,
  uptime_s: 1,
};

async function doctor(health: object, env: NodeJS.ProcessEnv = {}) {
  await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, health));
  return await run(['doctor'], { env: { TAILRACE_URL: gateway.url, ...env } });
}

describe('tailrace doctor', () => {
  test('is content with what is well', async () => {
    const { exitCode, stdout } = await doctor(HEALTH);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => line.slice(0, 17).trimEnd())).toEqual([
      'ok       Node',
      'ok       settings',
      'ok       gateway',
      '',
    ]);
  });

  test('names the setting a gateway would refuse, and ends with 1', async () => {
    const { exitCode, stdout, stderr } = await doctor(HEALTH, { PORT: 'x' });
    expect([exitCode, stderr]).toEqual([1, 'tailrace: 1 fault found\n']);
    expect(stdout).toContain('fault    settings PORT is "x"; allowed: a whole number');
  });

  test.each([
    [{ ...HEALTH, version: '9.9.9' }, 'warning  gateway', 'use the same version of both'],
    [{ ...HEALTH, status: 'unavailable' }, 'fault    gateway', 'look at the engine'],
    [{ status: 'ok' }, 'warning  gateway', 'set TAILRACE_TOKEN'],
    [{ hello: 'world' }, 'fault    gateway', 'set TAILRACE_URL to the gateway'],
  ])('of a gateway that replies %j it says what to do', async (health, line, advice) => {
    const { stdout } = await doctor(health);
    expect(stdout).toContain(line);
    expect(stdout).toContain(`-> ${advice}`);
  });

  test('prints all findings as JSON', async () => {
    await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, HEALTH));
    const { stdout } = await run(['doctor', '--json', '--url', gateway.url]);
    expect(JSON.parse(stdout).map(({ subject }: { subject: string }) => subject)).toEqual([
      'Node',
      'settings',
      'gateway',
    ]);
  });
});

test.each([
  ['18.20.0', 'fault'],
  ['20.18.3', 'fault'],
  ['20.19.0', 'ok'],
  ['24.1.0', 'ok'],
])('Node %s is %s', (version, state) => expect(checkNode(version).state).toBe(state));

test.each([
  [0, 'ok'],
  [-1_900, 'ok'],
  [5_000, 'warning'],
  [-90_000, 'fault'],
])('a clock %d ms ahead is %s', (skewMs, state) => expect(clockFinding(skewMs).state).toBe(state));

test.each([
  ['maxmemory:0\r\nmaxmemory_policy:noeviction\r\nused_memory:10\r\n', 'ok'],
  ['maxmemory:100\r\nmaxmemory_policy:noeviction\r\nused_memory:50\r\n', 'ok'],
  ['maxmemory:100\r\nmaxmemory_policy:noeviction\r\nused_memory:90\r\n', 'warning'],
  ['maxmemory:0\r\nmaxmemory_policy:allkeys-lru\r\nused_memory:10\r\n', 'fault'],
])('memory %j is %s', (info, state) => expect(memoryFinding(info).state).toBe(state));
