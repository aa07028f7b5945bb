import { type JsonValue, type NumberComparison, parseComparison, parseNumber } from '@tailrace/schema';
import type { Check } from './field-checks.js';
import { wildcardMatcher } from './wildcard.js';

type Fits = (value: JsonValue) => boolean;

/**
 * Reads one value of a filter on `data`.
 *
 * @param path names from the outermost on; a name in `data` may hold dots itself, so the path a, b also finds the name `a.b`
 * @returns a check that holds when the field fits the value, or, where the field is a list, one of its elements does.
 */
export function dataMatcher(path: readonly string[], value: string): Check {
  const names = path.map((_, start) =>
    path.slice(start).map((_, length) => path.slice(start, start + length + 1).join('.')),
  );
  const fits = fitsValue(value);
  return ({ data }) => data !== undefined && isReached(data, 0);

  function isReached(at: JsonValue, depth: number): boolean {
    if (depth === path.length && fits(at)) return true;
    if (Array.isArray(at)) return at.some((element) => isReached(element, depth));
    if (typeof at !== 'object' || at === null || depth === path.length) return false;
    return (names[depth] as string[]).some(
      (name, length) => Object.hasOwn(at, name) && isReached(at[name] as JsonValue, depth + length + 1),
    );
  }
}

/** Lists and objects fit `*` alone, which is any value at all. */
function fitsValue(value: string): Fits {
  if (value === '*') return () => true;
  const comparison = parseComparison(value);
  if (comparison === 'invalid') return () => false;
  if (comparison !== undefined) return (stored) => isAsCompared(stored, comparison);
  const matches = wildcardMatcher(value);
  const number = parseNumber(value);
  return (stored) => {
    if (typeof stored === 'object' && stored !== null) return false;
    return matches(String(stored)) || (typeof stored === 'number' && stored === number);
  };
}

function isAsCompared(stored: JsonValue, { operator, number }: NumberComparison): boolean {
  const compared = typeof stored === 'string' ? parseNumber(stored) : stored;
  if (typeof compared !== 'number') return false;
  if (operator === '>') return compared > number;
  if (operator === '>=') return compared >= number;
  return operator === '<' ? compared < number : compared <= number;
}
