import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimedPrefix } from './timed-prefix.js';

describe('TimedPrefix', () => {
  it('gives the digits of any number, as a template does', () => {
    const prefix = new TimedPrefix('req:');
    const times = fc.oneof(
      fc.integer({ min: 1_700_000_000_000, max: 1_700_000_002_000 }),
      fc.integer({ min: -5_000, max: 5_000 }),
      fc.double(),
    );
    fc.assert(
      fc.property(times, (time) => {
        expect(prefix.at(time)).toBe(`req:${time}:`);
      }),
    );
  });
});
