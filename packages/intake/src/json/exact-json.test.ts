import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExactJson } from './exact-json.js';

describe('parseExactJson', () => {
  test('reads what JSON.parse reads, where no number is too long', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value = JSON.parse(text);
        const isSafe = !/\d{16}|e\+?\d{3}/i.test(text);
        if (isSafe) expect(parseExactJson(text)).toEqual(value);
      }),
    );
  });

  test('keeps every digit of integers past 2^53, as text; smaller ones stay numbers', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 70n), 2n ** 70n), fc.string(), (number, text) => {
        const key = JSON.stringify(`${text}"${number}`);
        const read = parseExactJson(`{${key}:[${number} ,{"a":${number}}]}`) as Record<
          string,
          [unknown, object]
        >;
        const isSafe = number <= Number.MAX_SAFE_INTEGER && number >= -Number.MAX_SAFE_INTEGER;
        const expected = isSafe ? Number(number) : String(number);
        expect(read).toEqual({ [JSON.parse(key)]: [expected, { a: expected }] });
      }),
    );
  });

  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['1e400', '1e400'],
    ['1e22', 1e22],
    ['0.12345678901234566', 0.12345678901234566],
    ['1795604283125.25', 1795604283125.25],
    ['12345678901234567.5', '12345678901234567.5'],
  ])('reads %s as %j', (text, value) => {
    expect(parseExactJson(`[${text}]`)).toEqual([value]);
  });

  test.each(['', '{', '-', '[-]', '{"a":12345678901234567', '12345678901234567x'])(
    'refuses %j as JSON.parse does',
    (text) => {
      expect(() => parseExactJson(text)).toThrow(SyntaxError);
    },
  );
});
