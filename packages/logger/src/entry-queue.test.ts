import { describe, expect, it } from 'vitest';
import { EntryQueue } from './entry-queue.js';
import type { LogRecord } from './log-record.js';

function record(timestamp: number, bytes = 10): LogRecord {
  return {
    kind: 'log',
    level: 'INFO',
    timestamp,
    message: '',
    line: undefined,
    fields: {},
    bytes,
    truncated: false,
  };
}

describe('EntryQueue', () => {
  it('gives records back in the order of their calls, over many thousands', () => {
    const queue = new EntryQueue({ maxEntries: 100_000, maxBytes: 10_000_000 });
    const taken: number[] = [];
    for (let i = 0; i < 30_000; i++) {
      queue.push(record(i));
      if (i % 3 === 0) taken.push(...queue.take(2).map(({ timestamp }) => timestamp));
    }
    taken.push(...queue.take(100_000).map(({ timestamp }) => timestamp));
    expect(taken).toEqual(Array.from({ length: 30_000 }, (_, i) => i));
    expect(queue).toMatchObject({ size: 0, bytes: 0, pushed: 30_000 });
  });

  it('refuses a record past the number of entries or of bytes', () => {
    const byNumber = new EntryQueue({ maxEntries: 2, maxBytes: 1_000 });
    expect([1, 2, 3].map((i) => byNumber.push(record(i)))).toEqual([true, true, false]);
    const byBytes = new EntryQueue({ maxEntries: 10, maxBytes: 25 });
    expect([1, 2, 3].map((i) => byBytes.push(record(i)))).toEqual([true, true, false]);
    byBytes.take(1);
    expect(byBytes.push(record(4))).toBe(true);
  });
});
