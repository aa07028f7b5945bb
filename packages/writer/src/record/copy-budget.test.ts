import { describe, expect, test } from 'vitest';
import { copyBudget, copyText } from './copy-budget.js';

describe('a text that is cut', () => {
  test.each([
    ['ends before a word it would end in', 'order 7 token AKIAIOSFODNN7EXAMPLE', 20, 'order 7 token '],
    ['ends behind a word that is whole', 'order 7 shipped', 7, 'order 7'],
    ['keeps what lies before a sign that is in no secret', '{"key":"ghp_abcdefgh"}', 15, '{"key":"'],
    ['is nothing when it is the beginning of one word', 'sk_live_0123456789', 10, ''],
    ['keeps a word longer than secrets are', 'x'.repeat(2_000), 1_000, 'x'.repeat(1_000)],
  ])('%s', (_, text, letters, expected) => {
    const budget = copyBudget(letters);
    expect(copyText(text, budget)).toBe(expected);
    expect(budget).toMatchObject({ isCut: true, letters: 0 });
  });

  test('is left as it is where it fits', () => {
    const budget = copyBudget(5);
    expect(copyText('whole', budget)).toBe('whole');
    expect(budget).toMatchObject({ isCut: false, letters: 0 });
  });
});
