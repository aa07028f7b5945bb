import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { replyError, startFakeGateway } from '../testing/fake-gateway.js';
import { type RunOptions, run } from '../testing/run.js';

/** Runs `clear` against a gateway that answers `lines`. */
async function clear(
  args: readonly string[],
  options: RunOptions = {},
  answer: (response: ServerResponse) => unknown = (response) =>
    response.end('{"removed":1000,"done":false}\n{"removed":1234,"done":true}\n'),
) {
  await using gateway = await startFakeGateway([], ({ method }, response) => {
    if (method === 'DELETE') answer(response);
    return method === 'DELETE';
  });
  const result = await run(['clear', ...args, '--url', gateway.url], options);
  return { ...result, requests: gateway.requests };
}

describe('clear', () => {
  test('says how many entries are gone', async () => {
    const { exitCode, stdout, requests } = await clear(['--yes']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '1,234 entries removed\n' });
    expect(requests.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual([
      'DELETE /logs',
    ]);
    expect((await clear(['--yes', '--json'])).stdout).toBe('{"removed":1234}\n');
  });

  test('sends filters and a token', async () => {
    const { requests } = await clear(['--yes', '--ip=::1', '--before=2024-01-15T00:00:00Z', '--token=t']);
    expect(Object.fromEntries(requests[0]?.url.searchParams ?? [])).toEqual({
      ip: '::1',
      before: '2024-01-15T00:00:00Z',
    });
    expect(requests[0]?.headers.authorization).toBe('Bearer t');
  });

  test('asks on a terminal and says what would go', async () => {
    const yes = await clear([], { terminal: true, stdin: 'yes\n' });
    expect(yes.stderr).toContain('Remove all log data, statistics included, at http://127.0.0.1:');
    expect(yes.stdout).toBe('1,234 entries removed\n');
    const filtered = await clear(['--user=\x1b[31m'], { terminal: true, stdin: 'YES\r\n' });
    expect(filtered.stderr).toContain('Remove the entries with user=\\x1b[31m at');
    expect(filtered.requests).toHaveLength(1);
  });

  test.each(['no\n', 'y\n', '\n', ''])('removes nothing after the answer %j', async (stdin) => {
    const { exitCode, stderr, requests } = await clear([], { terminal: true, stdin });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('tailrace: nothing was removed');
    expect(requests).toEqual([]);
  });

  test('removes nothing where there is nobody to ask', async () => {
    const { exitCode, stderr, requests } = await clear([], { stdin: 'yes\n' });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'tailrace: nothing was removed: there is no terminal to ask; give --yes\n',
    });
    expect(requests).toEqual([]);
  });

  test.each([
    [
      'an error on the way',
      '{"removed":7,"done":false,"error":"the store cannot go on now"}\n',
      'the store cannot go on now',
    ],
    ['a lost connection', '{"removed":7,"done":false}\n{"remo', 'the connection to the gateway was lost'],
  ])('fails after %s and says what is gone', async (_, text, reason) => {
    const { exitCode, stdout, stderr } = await clear(['--yes'], {}, (response) => {
      response.write(text, () =>
        setTimeout(() => (text.endsWith('\n') ? response.end() : response.destroy()), 50),
      );
    });
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `tailrace: ${reason}; 7 entries removed before\n`,
    });
  });

  test('says a refusal, and tells a stranger from a gateway', async () => {
    const refused = await clear(['--yes'], {}, (response) =>
      replyError(response, 403, 'forbidden', 'this token may not clear'),
    );
    expect(refused).toMatchObject({ exitCode: 1, stderr: 'tailrace: this token may not clear\n' });
    const foreign = await clear(['--yes'], {}, (response) => response.end('<html>\n'));
    expect(foreign).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is no Tailrace gateway') });
  });
});
