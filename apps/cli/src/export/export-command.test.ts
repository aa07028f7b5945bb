import { describe, expect, test } from 'vitest';
import { type Answer, fakeEntry, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

async function runExport(answer: Answer, args: readonly string[] = [], terminal = false) {
  await using gateway = await startFakeGateway([], answer);
  const result = await run(['export', ...args], { env: { TAILRACE_URL: gateway.url }, terminal });
  return { ...result, request: gateway.requests[0] };
}

const LINES = [fakeEntry(2, { message: 'a\u009b31m' }), fakeEntry(1)].map(
  (entry) => `${JSON.stringify(entry)}\n`,
);

describe('tailrace export', () => {
  test('writes what comes as it is, and asks for what was asked', async () => {
    const args = ['--format', 'ndjson', '--limit', '5', '--not-status', '2xx', '--hours', '3'];
    const { exitCode, stdout, stderr, request } = await runExport((_, response) => {
      // A line in two pieces.
      response.write(`${LINES.join('').slice(0, 200)}`);
      response.end(`${LINES.join('').slice(200)}`);
      return true;
    }, args);
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: LINES.join(''), stderr: '' });
    expect(request?.url.pathname).toBe('/logs/export');
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
      format: 'ndjson',
      limit: '5',
      'status!': '2xx',
      hours: '3',
    });
  });

  test('shows a terminal nothing it would act on', async () => {
    const answer: Answer = (_, response) => Boolean(response.end(LINES[0]));
    expect((await runExport(answer, [], true)).stdout).toContain('a\\x9b31m');
  });

  test('that the gateway could not finish fails, and says how to go on', async () => {
    const error = { code: 'store_unavailable', message: 'the store is away', next_cursor: 'abc' };
    const { exitCode, stdout, stderr } = await runExport((_, response) =>
      Boolean(response.end(`${LINES[0]}${JSON.stringify({ export_error: error })}\n`)),
    );
    expect([exitCode, stdout]).toEqual([1, LINES[0]]);
    expect(stderr).toContain('the store is away (go on with --cursor abc); the export is not complete');
  });

  test('that is cut off fails', async () => {
    const { exitCode, stderr } = await runExport((_, response) => {
      response.write(LINES[0], () => response.destroy());
      return true;
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('the connection to the gateway was lost; the export is not complete');
  });
});
