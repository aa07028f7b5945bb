import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_ORDER, placeOfScore, scoreOf, scoreRange } from './entry-score.js';
import { sortableDigits } from './sortable-digits.js';

const IN_2039 = Date.UTC(2039, 0, 1);
const places = fc.record({ timestamp: fc.nat(IN_2039), order: fc.nat(MAX_ORDER) });

describe('scoreOf', () => {
  it('is an integer that no double rounds until 2039, and reads back', () => {
    fc.assert(
      fc.property(places, (place) => {
        expect(Number.isSafeInteger(scoreOf(place))).toBe(true);
        expect(placeOfScore(scoreOf(place))).toEqual(place);
      }),
    );
  });

  it('sorts by time, then by order', () => {
    fc.assert(
      fc.property(places, places, (a, b) => {
        const byPlace = a.timestamp - b.timestamp || a.order - b.order;
        expect(Math.sign(scoreOf(a) - scoreOf(b))).toBe(Math.sign(byPlace));
      }),
    );
  });

  it('lies in the range of a window exactly when its millisecond does', () => {
    fc.assert(
      fc.property(places, fc.nat(3), fc.nat(3), (place, before, after) => {
        const { lowest, highest } = scoreRange({
          from: place.timestamp - before,
          to: place.timestamp + after,
        });
        expect(scoreOf(place)).toBeGreaterThanOrEqual(lowest);
        expect(scoreOf(place)).toBeLessThanOrEqual(highest);
        expect(scoreOf({ timestamp: place.timestamp - before - 1, order: MAX_ORDER })).toBeLessThan(lowest);
        expect(scoreOf({ timestamp: place.timestamp + after + 1 })).toBeGreaterThan(highest);
      }),
    );
  });
});

describe('sortableDigits', () => {
  it('sorts as its numbers do', () => {
    fc.assert(
      fc.property(fc.nat(0xffffff), fc.nat(0xffffff), (a, b) => {
        const [one, other] = [sortableDigits(a), sortableDigits(b)];
        expect(one < other).toBe(a < b);
        expect(one).toHaveLength(4);
      }),
    );
  });
});
