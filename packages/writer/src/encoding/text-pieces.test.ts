import { MAX_PIECES } from '@tailrace/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textPieces } from './text-pieces.js';

const letter = fc.constantFrom('a', ' ', 'é', '€', '😀', '\u0301');

test('pieces make the text again, and every one but the last is full but for the rest of a character', () => {
  const text = fc.string({ unit: letter, maxLength: 1_200 });
  fc.assert(
    fc.property(text, fc.constantFrom(64, 100), (text, bytes) => {
      const pieces = textPieces(text, bytes);
      expect(pieces.join('')).toBe(text);
      expect(pieces.length).toBeLessThanOrEqual(MAX_PIECES);
      const sizes = pieces.map((piece) => Buffer.byteLength(piece));
      if (pieces.length > 1) expect(Math.max(...sizes)).toBeLessThanOrEqual(bytes);
      for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThan(bytes - 4);
    }),
  );
});

test('a text that is mostly ASCII is in as few pieces as it can be', () => {
  expect(textPieces(`${'a'.repeat(100)}é`, 64)).toEqual(['a'.repeat(64), `${'a'.repeat(36)}é`]);
});

test('a text of more pieces than are worth it stays whole', () => {
  const text = '€'.repeat(400);
  expect(textPieces(text, 64)).toEqual([text]);
});
