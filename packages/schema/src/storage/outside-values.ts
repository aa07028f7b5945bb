import type { Entry } from '../entry/entry.js';
import { methodKey, pathValue } from '../entry/path-pattern.js';

/**
 * The value that stands for all further ones of an hour, where a client decides how many there are: the host it names, and
 * paths without a route. As `METHOD:(other)` in the index of paths.
 */
export const OTHER_VALUE = '(other)';

/** Different values one writer gives keys of their own in one hour. */
export const MAX_OUTSIDE_VALUES = { host: 500, path: 2_000 } as const;

/** Which value an entry is counted and indexed under, where a client decides how many there are. */
export interface OutsideValues {
  /** @returns `undefined` without a host */
  hostOf(entry: Partial<Entry>): string | undefined;
  /** @returns `METHOD:pattern`; `undefined` without a method or a path */
  pathOf(entry: Partial<Entry>): string | undefined;
}

/** Every value as it is. */
export const EVERY_VALUE: OutsideValues = {
  hostOf: ({ proxy_hostname }) => proxy_hostname,
  pathOf: pathValue,
};

/** Every value is {@link OTHER_VALUE}: where an entry is whose writer had no room for its values. */
export const NO_VALUE_OF_ITS_OWN: OutsideValues = {
  hostOf: ({ proxy_hostname }) => proxy_hostname && OTHER_VALUE,
  pathOf: (entry) => pathValue(entry) && otherPathValue(entry.method ?? ''),
};

/** The value of the path index for paths past the bound. */
export function otherPathValue(method: string): string {
  return `${methodKey(method)}:${OTHER_VALUE}`;
}
