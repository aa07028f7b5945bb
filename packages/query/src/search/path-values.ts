import { literalStart, METHOD_KEYS, methodKey, unmatchedValue } from '@tailrace/schema';
import { wildcardMatcher } from '../filter/wildcard.js';

/**
 * The values of the path index under which a path can be that fits a filter.
 *
 * @param path a path, with `*` for any characters
 * @param existing the values there are: `METHOD:pattern`
 */
export function pathValues(path: string, existing: readonly string[]): string[] {
  const mayHold = patternCheck(path);
  const fitting = existing.filter((value) => mayHold(value.slice(value.indexOf(':') + 1)));
  return [...new Set([...fitting, ...METHOD_KEYS.map(unmatchedValue)])];
}

/** The values of the path index under which the requests of a method are. */
export function valuesOfMethod(method: string, existing: readonly string[]): string[] {
  const start = `${methodKey(method)}:`;
  return [...new Set([...existing.filter((value) => value.startsWith(start)), unmatchedValue(method)])];
}

/** Relies on what {@link literalStart} says of the paths under a pattern. */
function patternCheck(path: string): (pattern: string) => boolean {
  const fits = wildcardMatcher(path);
  const [prefix = ''] = path.split('*', 1);
  const isWhole = prefix.length === path.length;
  return (pattern) => {
    const start = literalStart(pattern);
    if (start.length === pattern.length) return fits(pattern);
    return prefix.startsWith(start) || (!isWhole && start.startsWith(prefix));
  };
}
