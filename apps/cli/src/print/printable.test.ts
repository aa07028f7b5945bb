import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableJson } from './printable.js';

const anyText = fc.string({ unit: 'binary', maxLength: 50 });
// What a terminal acts on or hides, listed by hand so that it does not repeat the pattern under test.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const HARMFUL = /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

describe('printable', () => {
  test('shows controls, bidi overrides, zero-width characters and lone surrogates escaped', () => {
    expect(printable('a\x1b[2J\r\n\tb')).toBe('a\\x1b[2J\\r\\n\\tb');
    expect(printable('\u202eevil\u200b\u2028\x9b\ud800')).toBe('\\u202eevil\\u200b\\u2028\\x9b\\ud800');
    expect(printable('\u{e0041}')).toBe('\\u{e0041}');
  });

  test('leaves what prints as it is', () => {
    expect(printable('Grüße, 日本語, 🚀, C:\\new')).toBe('Grüße, 日本語, 🚀, C:\\new');
  });

  test('never lets a harmful character through', () => {
    fc.assert(fc.property(anyText, (text) => !HARMFUL.test(printable(text))));
  });
});

describe('printableJson', () => {
  test('has no harmful character and parses back to the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, fc.oneof(anyText, fc.integer(), fc.array(anyText))), (value) => {
        const json = printableJson(value);
        expect(HARMFUL.test(json)).toBe(false);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
