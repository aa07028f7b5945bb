import { type CompiledFilter, compileFilter, type LogReader } from '@tailrace/query';
import type { TimeWindow } from '@tailrace/schema';

/** What decides who answers. */
export interface Sides {
  /** Redis has every entry from this timestamp on, epoch milliseconds. */
  readonly hotFrom: number;
  /** The files have, with what is unsealed, every entry. */
  readonly isComplete: boolean;
}

/** One reader over Redis and the archive, and who answers what. */
export interface ComposedReader extends LogReader {
  /** Whether Redis is asked for a window; what must be scanned is asked of the archive as soon as it is complete. */
  isHot(window: TimeWindow, filter?: CompiledFilter): boolean;
}

/**
 * Which side answers what:
 *
 * - Redis, where it has the whole window and an index for some part of the filter, or there is no filter.
 * - The archive, for what is older than Redis has, and for what must be scanned: it reads a million entries in the time in
 *   which Redis reads some ten thousand. It takes what is unsealed along, so it has what was stored a moment ago.
 * - One side answers a page whole, never both, so nothing is twice and nothing between them is missed. Both have the same
 *   order and the same cursors: the next page may come from the other side.
 */
export function composeReader(hot: LogReader, cold: LogReader, sides: () => Sides): ComposedReader {
  const isHot = (window: TimeWindow, filter?: CompiledFilter) => {
    const { hotFrom, isComplete } = sides();
    if (window.from < hotFrom) return false;
    return filter === undefined || !isComplete || !isScan(filter);
  };
  return {
    isHot,
    search(request, options) {
      const filter = compileFilter(request.filter);
      const isIndexed = request.errorsOnly === true;
      const asked = isHot(request.window, isIndexed ? undefined : filter) ? hot : cold;
      return asked.search({ ...request, filter }, options);
    },
    async entry(id) {
      return (await hot.entry(id)) ?? cold.entry(id);
    },
  };
}

/** Filters that no index of Redis narrows down. */
const SCANNED = new Set(['q', 'data', 'min_ms', 'max_ms', 'outcome', 'kind']);

function isScan({ conditions }: CompiledFilter): boolean {
  if (conditions.length === 0) return false;
  return conditions.every(
    ({ field, isNegated, values }) =>
      isNegated ||
      SCANNED.has(field) ||
      (field === 'ip' && values.some((value) => String(value).includes('/'))),
  );
}
