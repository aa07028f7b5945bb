import { literalWords } from '../list-page/literal-words.js';
import type { Filter } from '../state/filters.js';
import { patternFilters } from '../state/pattern-filters.js';

/**
 * Filters that find what a pattern is made of: of a request (`GET /users/:number 500`) method, path and status, of a message
 * its words. They may find a few more.
 *
 * @returns `undefined` when a pattern has nothing to look for
 */
export function patternEntries(pattern: string, status?: string | null): Filter[] | undefined {
  const [, method, path, ownStatus = status] = /^([A-Z]+) (\/\S*)(?: (?:(\d{3})|<\*>))?$/.exec(pattern) ?? [];
  if (method !== undefined && path !== undefined) {
    const filters = patternFilters(`${method}:${path.replace(/\{\w+\}/g, '*')}`);
    return ownStatus == null ? filters : [...filters, { name: 'status', value: ownStatus, not: false }];
  }
  const words = literalWords(pattern);
  return words === undefined ? undefined : [{ name: 'q', value: words, not: false }];
}
