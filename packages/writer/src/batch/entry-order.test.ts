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

  it.each([1, 1_000])('goes on behind some thousand other timestamps, %i ms apart', (apart) => {
    const order = new EntryOrder();
    const begin = Date.UTC(2026, 0, 15);
    for (let i = 0; i < 16_000; i++) expect(order.next(begin + i * apart)).toBe(0);
    for (let i = 0; i < 16_000; i++) expect(order.next(begin + i * apart)).toBe(1);
  });

  it('remembers as many timestamps as it has slots', () => {
    const order = new EntryOrder(101);
    order.next(1);
    order.next(102);
    expect(order.next(1)).toBe(0);
    expect(order.next(-102)).toBe(0);
  });
});
