import { expect, test } from 'vitest';
import { fakeEntry, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const ERRORS = { min_level: 'ERROR', 'level!': 'AUDIT' };

const failure = fakeEntry(1, {
  level: 'ERROR',
  error: {
    type: 'TypeError',
    message: 'boom \x1b[31m',
    code: 'E1',
    stack: 'TypeError: boom\n    at a (x.js:1:2)\n    at b (y.js:3:4)',
    cause: { type: 'Error', message: 'inner' },
  },
});

test('errors-debug shows all fields, the stack and the causes, for reading', async () => {
  await using gateway = await startFakeGateway([failure]);
  const { stdout } = await run(['errors-debug', '--url', gateway.url]);
  expect(stdout).toBe(`id         log:1:app:x
timestamp  2024-01-15T10:30:45.124Z
kind       log
level      ERROR
component  app
message    message 1
TypeError: boom \\x1b[31m (E1)
    at a (x.js:1:2)
    at b (y.js:3:4)
caused by Error: inner

`);
  expect(Object.fromEntries(gateway.requests[0]?.url.searchParams ?? [])).toMatchObject(ERRORS);
});

test.each([
  ['yes', 'WARNING'],
  ['1', 'WARNING'],
  ['no', 'ERROR'],
  ['', 'ERROR'],
  ['False', 'ERROR'],
])('--include-warnings=%s asks for %s and up, without AUDIT', async (word, level) => {
  await using gateway = await startFakeGateway([failure]);
  await run(['errors-debug', `--include-warnings=${word}`, '--url', gateway.url]);
  const url = gateway.requests[0]?.url;
  expect(url?.pathname).toBe('/logs');
  expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({ min_level: level, 'level!': 'AUDIT' });
});

test('--include-warnings with another word is wrong usage', async () => {
  expect(await run(['errors-debug', '--include-warnings=maybe'])).toMatchObject({
    exitCode: 2,
    stderr: 'tailrace: include-warnings is "maybe"; allowed: yes or no\n',
  });
});

test('--json prints the entries exactly', async () => {
  await using gateway = await startFakeGateway([failure]);
  const { stdout } = await run(['errors-debug', '--json', '--url', gateway.url]);
  expect(JSON.parse(stdout)).toEqual(failure);
});
