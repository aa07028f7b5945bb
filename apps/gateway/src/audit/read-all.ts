import type { LogReader } from '@tailrace/query';
import type { Entry, Filter, TimeWindow } from '@tailrace/schema';

/** Entries a page. */
const PAGE = 1_000;
/** Milliseconds a request may read for. */
const MAX_MS = 10_000;

/**
 * Hands every entry that matches to `take`, newest first, page by page.
 *
 * @param max entries to read at most
 * @returns whether there are more than were read.
 */
export async function readAll(
  reader: LogReader,
  asked: {
    readonly filter: Filter;
    readonly window: TimeWindow;
    readonly max: number;
    readonly signal: AbortSignal;
  },
  take: (entry: Entry) => void,
): Promise<boolean> {
  const { filter, window, max, signal } = asked;
  const deadline = performance.now() + MAX_MS;
  let cursor: Parameters<LogReader['search']>[0]['cursor'];
  for (let left = max; ; ) {
    const request = { filter, window, limit: Math.min(PAGE, left), cursor };
    const { entries, nextCursor, reason } = await reader.search(request, { signal });
    for (const entry of entries.toReversed()) take(entry);
    left -= entries.length;
    if (nextCursor === null) return reason !== undefined;
    if (left <= 0 || performance.now() > deadline) return true;
    cursor = nextCursor;
  }
}
