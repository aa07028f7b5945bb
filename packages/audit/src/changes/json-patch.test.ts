import type { JsonValue } from '@tailrace/schema';
import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { describe, expect, test } from 'vitest';
import { changeText, jsonPatchOf, valueChanges } from '../index.js';

const scalar = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean(), fc.constant(null));
const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }) as fc.Arbitrary<JsonValue>,
    fc.dictionary(fc.constantFrom('a', 'b', 'a/b', '~', '', '0'), tie('tree'), {
      maxKeys: 4,
      noNullPrototype: true,
    }) as fc.Arbitrary<JsonValue>,
  ),
}));
const values = fc.dictionary(fc.constantFrom('a', 'b', 'c/d', '~1'), tree, { noNullPrototype: true });

describe('a patch of old and new values', () => {
  test('makes of the old values the new ones, whatever they are (applied by another library)', () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        const target = structuredClone(before);
        const refused = applyPatch(target, jsonPatchOf(valueChanges(before, after)) as never);
        expect(refused.filter((error) => error !== null)).toEqual([]);
        expect(target).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });

  test('is empty for equal values, and of a creation or a removal names each value', () => {
    expect(valueChanges({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual([]);
    expect(valueChanges(undefined, undefined)).toEqual([]);
    expect(jsonPatchOf(valueChanges(undefined, { a: 1 }))).toEqual([{ op: 'add', path: '/a', value: 1 }]);
    expect(jsonPatchOf(valueChanges({ a: 1 }, undefined))).toEqual([{ op: 'remove', path: '/a' }]);
  });

  test('reads as lines', () => {
    const lines = valueChanges(
      { plan: 'free', seats: 2, old: 1, pin: '[redacted]' },
      { plan: 'pro', seats: 2, pin: '[redacted]', tags: ['a'] },
    ).map(changeText);
    expect(lines).toEqual(['~ /plan "free" -> "pro"', '- /old 1', '~ /pin [redacted]', '+ /tags ["a"]']);
  });
});
