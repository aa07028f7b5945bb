import type { Filter } from './filters.js';

/** `GET:/users/:number` as filters: a parameter of a pattern is any text. */
export function patternFilters(value: string): Filter[] {
  const [, method = '', pattern = ''] = /^([^:]*):(.*)$/s.exec(value) ?? [];
  const filters = [{ name: 'method', value: method, not: false }];
  if (!pattern.startsWith('/')) return filters;
  return [...filters, { name: 'path', value: pattern.replace(/:\w+/g, '*'), not: false }];
}
