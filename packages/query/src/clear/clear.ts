import {
  type Filter,
  type Keyspace,
  MAX_FUTURE_MS,
  type RetentionDays,
  type TimeWindow,
} from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { type CompiledFilter, compileFilter } from '../filter/compile-filter.js';
import type { LogReader } from '../search/reader.js';
import { clearAll } from './clear-all.js';
import { clearMatching } from './clear-matching.js';

/** What to remove. Without filter and `before`: everything, the statistics as well. */
export interface ClearRequest {
  /** Only entries for which all given filters hold. */
  readonly filter: Filter | CompiledFilter;
  /** Only entries older than this, epoch milliseconds. */
  readonly before?: number | undefined;
}

/** @see createClear */
export interface ClearOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  readonly reader: LogReader;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/**
 * Removes log data in bounded steps, and nothing else that is in the same Redis. It yields how many entries are gone
 * after each step; a caller that stops reading ends the work, and what is gone stays gone.
 *
 * Clearing everything removes entries, indexes, stream and statistics. Clearing by filter removes entries, their members
 * in the indexes and their events in the stream; the statistics remain, and so do entries of level AUDIT unless the filter
 * names that level. What is written meanwhile may stay or go.
 *
 * @throws what the connection throws, or an abort's reason.
 */
export type Clear = (
  request: ClearRequest,
  options?: { readonly signal?: AbortSignal; readonly onFiles?: (erased: ErasedFromFiles) => void },
) => AsyncIterable<number>;

/** What has gone from files so far, where there are any; an entry may have been in Redis as well. */
export interface ErasedFromFiles {
  /** Entries that were in no file yet. */
  readonly unsealed: number;
  /** Entries of files. */
  readonly sealed: number;
  /** Files that are still to be written without them. */
  readonly filesLeft: number;
}

/** Makes the function that clears one keyspace. */
export function createClear(options: ClearOptions): Clear {
  const { now = Date.now } = options;
  return (request, { signal } = {}) => {
    const { filter, window, isAll } = clearScope(request, now());
    return isAll ? clearAll({ ...options, signal }) : clearMatching({ ...options, filter, window, signal });
  };
}

/** What a request is about: which entries of which time, and whether that is everything. */
export interface ClearScope {
  readonly filter: CompiledFilter;
  readonly window: TimeWindow;
  readonly isAll: boolean;
}

/** @param now epoch milliseconds */
export function clearScope({ filter: given, before }: ClearRequest, now: number): ClearScope {
  const filter = compileFilter(given);
  const isAll = before === undefined && filter.conditions.length === 0;
  // A day ahead is how far in the future entries may lie.
  const window = { from: 0, to: before === undefined ? now + MAX_FUTURE_MS : before - 1 };
  return { filter: isAll ? filter : sparingAudit(filter), window, isAll };
}

/** A filter without entries of level AUDIT, unless it names that level. */
function sparingAudit(filter: CompiledFilter): CompiledFilter {
  const isNamed = filter.conditions.some(
    ({ field, values }) => field === 'level' && values.includes('AUDIT'),
  );
  if (isNamed) return filter;
  const noAudit = compileFilter({ 'level!': 'AUDIT' });
  return {
    conditions: [...filter.conditions, ...noAudit.conditions],
    matches: (entry) => filter.matches(entry) && noAudit.matches(entry),
  };
}
