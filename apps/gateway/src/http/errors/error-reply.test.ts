import { expect, test } from 'vitest';
import { knownError } from './error-reply.js';

test.each([
  {
    cause: "OOM command not allowed when used memory > 'maxmemory'.",
    message: 'the memory of the store that holds the entries is full (maxmemory)',
  },
  { cause: 'LOADING Redis is loading the dataset in memory', message: 'does not serve requests now' },
])('says in its own words what $cause means', ({ cause, message }) => {
  const known = knownError(new Error(cause));
  expect(known).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining(message) });
  expect(known.message).not.toContain(cause);
});
