import { expect, test } from 'vitest';
import { double, quoted } from './sql-text.js';

test.each([
  ['plain', "'plain'"],
  ["it's", "'it''s'"],
  ["'; DROP TABLE x; --", "'''; DROP TABLE x; --'"],
  ['a\\', "'a\\'"],
  ['a\0b', "('a' || chr(0) || 'b')"],
  ['', "''"],
])('%j is written as %s', (text, sql) => {
  expect(quoted(text)).toBe(sql);
});

test('a number that SQL has no text for is refused', () => {
  expect(double(0.1)).toBe('0.1::DOUBLE');
  expect(double(1e21)).toBe('1e+21::DOUBLE');
  expect(() => double(Number.NaN)).toThrow('no number of SQL: NaN; allowed: a finite one');
});
