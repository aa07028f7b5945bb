import type { Entry } from '@tailrace/schema';
import { expect, test } from 'vitest';
import { slowestOf } from './slowest.js';

const coverage = { from: 0, to: 1_000, isExact: true };

function request(timestamp: number, ms: number, size = 10): Entry {
  return {
    id: `req:${timestamp}:-:aaaaaaaa`,
    timestamp,
    kind: 'request',
    level: 'INFO',
    component: 'http',
    message: 'x'.repeat(size),
    response_time_ms: ms,
  };
}

async function slowest(entries: readonly Entry[], bounds: { limit: number; maxSize: number }) {
  const found = await slowestOf(async (visit) => {
    for (const entry of entries) visit(entry);
    return coverage;
  }, bounds);
  return { times: found.entries.map((entry) => entry.response_time_ms), coverage: found.coverage };
}

test('the slowest come first, those of equal time newest first', async () => {
  const entries = [request(1, 5), request(2, 9), request(3, 5), request(4, 1), request(5, 7)];
  const found = await slowestOf(
    async (visit) => {
      for (const entry of entries) visit(entry);
      return coverage;
    },
    { limit: 4, maxSize: 1e6 },
  );
  expect(found).toEqual({ entries: [1, 4, 2, 0].map((i) => entries[i]), coverage });
});

test('large entries end the page behind its size, which is said, and the slowest is always there', async () => {
  const entries = Array.from({ length: 50 }, (_, i) => request(i, i, 1_000));
  expect(await slowest(entries, { limit: 20, maxSize: 3_000 })).toEqual({
    times: [49, 48, 47],
    coverage: { ...coverage, isExact: false, note: expect.stringContaining('too large') },
  });
  expect((await slowest(entries, { limit: 20, maxSize: 1 })).times).toEqual([49]);
});
