import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownValues, seedOf } from './known-values.js';

describe('KnownValues', () => {
  it('knows a text once it was added, and no text that was not', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 200 }), (texts) => {
        const known = new KnownValues();
        for (const text of texts) {
          expect(known.has(text)).toBe(false);
          known.add();
          expect(known.has(text)).toBe(true);
        }
      }),
    );
  });

  it('tells apart 20,000 similar texts, and forgets few of them', () => {
    const known = new KnownValues();
    const texts = Array.from({ length: 20_000 }, (_, i) => `10.0.${i >> 8}.${i & 0xff}`);
    for (const text of texts) {
      expect(known.has(text)).toBe(false);
      known.add();
    }
    expect(texts.filter((text) => known.has(text)).length).toBeGreaterThan(15_000);
  });

  it.each([
    ['abc', 'abc\0'],
    ['', '\0'],
    ['ab', 'ba'],
    ['a\u0100', '\u0100a'],
  ])('tells %j from %j', (one, other) => {
    const known = new KnownValues();
    known.has(one);
    known.add();
    expect(known.has(other)).toBe(false);
    expect(known.has(one)).toBe(true);
  });

  it('keeps apart what is asked for under different seeds, and knows nothing after clear', () => {
    const known = new KnownValues();
    known.has('192.0.2.1', seedOf('a'));
    known.add();
    expect(known.has('192.0.2.1', seedOf('a'))).toBe(true);
    expect(known.has('192.0.2.1', seedOf('b'))).toBe(false);
    known.clear();
    expect(known.has('192.0.2.1', seedOf('a'))).toBe(false);
  });
});
