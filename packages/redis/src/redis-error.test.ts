import { ReplyError } from 'ioredis';
import { expect, it } from 'vitest';
import { isElsewhere } from './redis-error.js';

it.each([
  ["READONLY You can't write against a read only replica.", true],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", true],
  ['CLUSTERDOWN The cluster is down', true],
  ['LOADING Redis is loading the dataset in memory', true],
  ["OOM command not allowed when used memory > 'maxmemory'.", false],
  ['ERR READONLY is no command', false],
])('%s: another server is meant, or none now: %s', (message, expected) => {
  expect(isElsewhere(new ReplyError(message))).toBe(expected);
  expect(isElsewhere(new Error(message))).toBe(false);
});
