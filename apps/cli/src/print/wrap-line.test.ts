import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { wrapLine } from './wrap-line.js';

test('breaks between words, with an indent', () => {
  expect(wrapLine('2026 ERROR db   connect failed user=ada', 20, 4)).toBe(
    '2026 ERROR db\n    connect failed\n    user=ada',
  );
});

test('leaves alone what fits, and what goes to no terminal', () => {
  expect(wrapLine('a  b c', 6, 4)).toBe('a  b c');
  expect(wrapLine('a  b c', undefined, 4)).toBe('a  b c');
});

test('counts no colours, and keeps them', () => {
  const red = (text: string) => `\x1b[31m${text}\x1b[39m`;
  expect(wrapLine(red('one two'), 7, 2)).toBe(red('one two'));
  expect(wrapLine(red('one two'), 5, 2)).toBe('\x1b[31mone\n  two\x1b[39m');
});

test('breaks a word only where no line could hold it', () => {
  expect(wrapLine('GET /abcdefghij', 8, 2)).toBe('GET\n  /abcde\n  fghij');
});

test('no line is wider than the terminal, and no text is lost', () => {
  const words = fc.array(
    fc.constantFrom('a', 'connect', '日本語', '👨‍👩‍👧‍👦', '/a/much/longer/path', '\x1b[31mred\x1b[39m'),
    {
      minLength: 1,
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(words, fc.integer({ min: 8, max: 40 }), (given, columns) => {
      const wrapped = wrapLine(given.join(' '), columns, 4);
      for (const line of wrapped.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      const plain = (text: string) => stripVTControlCharacters(text).replace(/\s+/g, '');
      expect(plain(wrapped)).toBe(plain(given.join('')));
    }),
  );
});
