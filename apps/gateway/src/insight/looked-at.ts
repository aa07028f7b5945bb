import type { LogReader } from '@tailrace/query';
import type { Cursor, Entry, Filter, TimeWindow } from '@tailrace/schema';
import { HOUR_MS } from '@tailrace/schema';

/** Entries of one window that a question looks at. */
const MAX_ENTRIES = 50_000;
const MAX_MS = 3_000;
const PAGE = 1_000;

/** What to look at. */
export interface Looking {
  readonly reader: LogReader;
  readonly filter: Filter;
  readonly window: TimeWindow;
  /** Hours before the window; 0: none. */
  readonly baselineHours: number;
  readonly errorsOnly: boolean;
  readonly signal: AbortSignal;
}

/** What was looked at. Times are epoch milliseconds. */
export interface LookedAt {
  readonly from: number;
  readonly to: number;
  readonly entries: number;
  readonly baselineFrom: number | null;
  readonly isExact: boolean;
}

/**
 * Shows the entries of a window, and before them those of the hours before it, until there are too many of either: then
 * those nearest to now were shown.
 *
 * @param visit is told whether an entry is from before the window
 */
export async function lookAt(
  looking: Looking,
  visit: (entry: Entry, isBefore: boolean) => void,
): Promise<LookedAt> {
  const { window, baselineHours } = looking;
  const before = { from: window.from - Math.round(baselineHours * HOUR_MS), to: window.from - 1 };
  const known = baselineHours > 0 ? await scan(looking, before, (entry) => visit(entry, true)) : undefined;
  const seen = await scan(looking, window, (entry) => visit(entry, false));
  return {
    from: seen.from,
    to: window.to,
    entries: seen.entries,
    baselineFrom: known?.from ?? null,
    isExact: seen.from === window.from && (known === undefined || known.from === before.from),
  };
}

async function scan(
  { reader, filter, errorsOnly, signal }: Looking,
  window: TimeWindow,
  visit: (entry: Entry) => void,
): Promise<{ readonly from: number; readonly entries: number }> {
  const started = performance.now();
  let entries = 0;
  let cursor: Cursor | undefined;
  do {
    const limit = Math.min(PAGE, MAX_ENTRIES - entries);
    const page = await reader.search({ filter, window, limit, cursor, errorsOnly }, { signal });
    for (const entry of page.entries) visit(entry);
    entries += page.entries.length;
    if (page.nextCursor === null) return { from: window.from, entries };
    cursor = page.nextCursor;
  } while (entries < MAX_ENTRIES && performance.now() - started < MAX_MS);
  return { from: cursor.timestamp, entries };
}
