import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, RELATIVE_ERROR, valueOfBucket } from './log-buckets.js';

describe('bucketOf', () => {
  it('keeps every value within one percent of what its bucket stands for', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), (value) => {
        const error = Math.abs(valueOfBucket(bucketOf(value)) - value) / value;
        expect(error).toBeLessThanOrEqual(RELATIVE_ERROR * (1 + 1e-9));
      }),
    );
  });

  it('has a bucket for zero', () => expect(Number.isFinite(bucketOf(0))).toBe(true));
});
