import { expect, test } from 'vitest';
import { fakeEntry, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

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
  expect(gateway.requests[0]?.url.pathname).toBe('/logs/errors');
});

test.each([
  ['yes', '/logs'],
  ['no', '/logs/errors'],
  ['', '/logs/errors'],
  ['False', '/logs/errors'],
])('--include-warnings=%s asks %s', async (word, path) => {
  await using gateway = await startFakeGateway([failure]);
  await run(['errors-debug', `--include-warnings=${word}`, '--url', gateway.url]);
  expect(gateway.requests[0]?.url.pathname).toBe(path);
});

test('--json prints the entries exactly', async () => {
  await using gateway = await startFakeGateway([failure]);
  const { stdout } = await run(['errors-debug', '--json', '--url', gateway.url]);
  expect(JSON.parse(stdout)).toEqual(failure);
});
