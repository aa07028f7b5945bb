import { bucketOf, RELATIVE_ERROR } from '@tailrace/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentilesOf, percentilesOfBuckets } from './percentiles.js';

describe('percentiles', () => {
  test('of values are those of the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentilesOf(hundred)).toEqual({ count: 100, p50: 50, p90: 90, p95: 95, p99: 99 });
    expect(percentilesOf([7])).toEqual({ count: 1, p50: 7, p90: 7, p95: 7, p99: 7 });
  });

  test('of nothing are null', () => {
    const nothing = { count: 0, p50: null, p90: null, p95: null, p99: null };
    expect(percentilesOf([])).toEqual(nothing);
    expect(percentilesOfBuckets(new Map())).toEqual(nothing);
  });

  test('of buckets are within 1 % of those of the values, also when histograms were added up', () => {
    const times = fc.array(fc.double({ min: 0.001, max: 1e9, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(times, (values) => {
        const buckets = new Map<number, number>();
        for (const value of values) buckets.set(bucketOf(value), (buckets.get(bucketOf(value)) ?? 0) + 1);
        const exact = percentilesOf(values);
        const read = percentilesOfBuckets(buckets);
        expect(read.count).toBe(exact.count);
        for (const name of ['p50', 'p90', 'p95', 'p99'] as const) {
          const value = exact[name] as number;
          expect(Math.abs((read[name] as number) - value)).toBeLessThanOrEqual(
            value * RELATIVE_ERROR * (1 + 1e-9),
          );
        }
      }),
    );
  });
});
