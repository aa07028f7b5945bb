import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeText } from './time-text.js';

describe('timeText', () => {
  it('gives the digits of any number, as String does', () => {
    const times = fc.oneof(
      fc.integer({ min: 1_700_000_000_000, max: 1_700_000_002_000 }),
      fc.integer({ min: -5_000, max: 5_000 }),
      fc.double(),
    );
    fc.assert(
      fc.property(times, (time) => {
        expect(timeText(time)).toBe(String(time));
      }),
    );
  });
});
