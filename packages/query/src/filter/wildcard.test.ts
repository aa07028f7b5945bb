import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wildcardMatcher } from './wildcard.js';

test('a pattern without * fits its own text only', () => {
  expect(wildcardMatcher('/users')('/users')).toBe(true);
  expect(wildcardMatcher('/users')('/users/1')).toBe(false);
});

test('* stands for any characters, as a regular expression would have it', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 12 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*');
      expect(wildcardMatcher(pattern)(text)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: 2_000 },
  );
});

test('a pattern of many * takes no longer on a text that almost fits', () => {
  expect(wildcardMatcher(`${'*a'.repeat(500)}b`)('a'.repeat(4_096))).toBe(false);
});
