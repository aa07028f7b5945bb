import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryOrder } from './entry-order.js';

describe('EntryOrder', () => {
  it('counts the entries of each timestamp on its own, also when timestamps come again', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 200 }), (timestamps) => {
        const order = new EntryOrder();
        const seen = new Map<number, number>();
        for (const timestamp of timestamps) {
          const before = seen.get(timestamp) ?? 0;
          expect(order.next(timestamp)).toBe(before);
          seen.set(timestamp, before + 1);
        }
      }),
    );
  });

  it('goes on behind as many other timestamps as it remembers at least', () => {
    const order = new EntryOrder(100);
    order.next(1);
    for (let timestamp = 1_000; timestamp < 1_100; timestamp++) order.next(timestamp);
    expect(order.next(1)).toBe(1);
  });

  it('remembers no more than twice as many', () => {
    const order = new EntryOrder(100);
    order.next(1);
    for (let timestamp = 1_000; timestamp < 1_300; timestamp++) order.next(timestamp);
    expect(order.next(1)).toBe(0);
  });
});
