import type { LevelTable } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

/** Runs `levels` against a gateway that has a table. */
async function levels(table: LevelTable, ...args: string[]) {
  await using gateway = await startFakeGateway([], ({ method, body }, response) => {
    return replyJson(response, 200, method === 'PUT' ? JSON.parse(body) : table);
  });
  const result = await run(['levels', ...args], { env: { TAILRACE_URL: gateway.url } });
  const sent = gateway.requests.map(({ method, url, body }) => `${method} ${url.pathname} ${body}`.trim());
  return { ...result, sent };
}

describe('tailrace levels', () => {
  test('shows the table', async () => {
    const table = { default: 'WARNING', components: { 'db.pool': 'DEBUG', '\u001b[31m': 'INFO' } } as const;
    expect((await levels(table)).stdout).toBe('*         WARNING\ndb.pool   DEBUG\n\\x1b[31m  INFO\n');
    expect((await levels({ components: {} })).stdout).toContain('no levels are set here');
  });

  test.each([
    [['db', 'warn'], { default: 'INFO', components: { a: 'DEBUG', db: 'WARNING' } }],
    [['a', 'reset'], { default: 'INFO', components: {} }],
    [['*', 'TRACE'], { default: 'TRACE', components: { a: 'DEBUG' } }],
    [['*', 'reset'], { components: { a: 'DEBUG' } }],
  ])('%j changes one line and keeps the others', async (args, table) => {
    const { exitCode, sent } = await levels({ default: 'INFO', components: { a: 'DEBUG' } }, ...args);
    expect(exitCode).toBe(0);
    expect(sent).toEqual(['GET /logs/levels', `PUT /logs/levels ${JSON.stringify(table)}`]);
  });

  test('--reset takes all away', async () => {
    expect((await levels({ components: {} }, '--reset')).sent).toEqual(['DELETE /logs/levels']);
  });

  test.each([[['db']], [['db', 'loud']], [['db', 'INFO', '--reset']]])('%j changes nothing', async (args) => {
    const { exitCode, sent } = await levels({ components: {} }, ...args);
    expect(exitCode).toBe(2);
    expect(sent.filter((request) => !request.startsWith('GET'))).toEqual([]);
  });
});
