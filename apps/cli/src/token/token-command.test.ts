import { parseTokenLines, tokenDigest } from '@tailrace/api';
import { expect, test } from 'vitest';
import { run } from '../testing/run.js';

test('a token is printed once, with a line that knows it and does not hold it', async () => {
  const { exitCode, stdout } = await run(['token', 'create', '--name', 'ci', '--scope', 'read,write']);
  expect(exitCode).toBe(0);
  const [token = '', ...others] = stdout.match(/tailrace_[\w-]{43}/g) ?? [];
  expect(others).toEqual([]);
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  expect(parseTokenLines(line)).toEqual([
    { name: 'ci', scopes: ['read', 'write'], digest: tokenDigest(token) },
  ]);
});

test('no two are the same', async () => {
  const make = async () =>
    JSON.parse((await run(['token', 'create', '--name', 'a', '--scope', 'admin', '--json'])).stdout);
  expect((await make()).token).not.toBe((await make()).token);
});

test.each([
  [['--name', 'ci', '--scope', 'everything'], '--scope must be of read, write, admin'],
  [['--name', 'ci', '--scope', ''], '--scope must be of'],
  [['--name', 'a b', '--scope', 'read'], '--name must be up to 64 letters'],
  [['--name', 'ci'], "required option '--scope <list>' not specified"],
])('%j is wrong usage', async (args, message) => {
  const { exitCode, stdout, stderr } = await run(['token', 'create', ...args]);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});
