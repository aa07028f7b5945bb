import type { Cursor, Entry, TimeWindow } from '@tailrace/schema';
import type { CompiledFilter } from '../filter/compile-filter.js';
import type { LogReader } from '../search/reader.js';
import { type Coverage, exactly } from './coverage.js';

/** How many matches one question may look at, and for how long. */
export interface EntryBudget {
  readonly entries: number;
  readonly milliseconds: number;
}

/** @see EntryBudget */
export const DEFAULT_ENTRY_BUDGET: EntryBudget = { entries: 50_000, milliseconds: 3_000 };

/** What to look at. */
export interface EntryScan {
  readonly reader: LogReader;
  readonly filter: CompiledFilter;
  readonly window: TimeWindow;
  readonly budget: EntryBudget;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

const PAGE = 1_000;

/**
 * Shows every match to `visit`, page by page from the newest on, until the budget is spent.
 *
 * @returns what was covered: the whole window, or its newest part.
 */
export async function scanEntries(scan: EntryScan, visit: (entry: Entry) => void): Promise<Coverage> {
  const { reader, filter, window, budget, now, signal } = scan;
  const started = now();
  let left = budget.entries;
  let cursor: Cursor | undefined;
  let lack: string | undefined;
  do {
    const request = { filter, window, limit: Math.min(PAGE, left), cursor };
    const page = await reader.search(request, signal === undefined ? {} : { signal });
    for (const entry of page.entries) visit(entry);
    left -= page.entries.length;
    lack ??= page.reason;
    if (page.nextCursor === null)
      return lack === undefined ? exactly(window) : { ...window, isExact: false, note: lack };
    cursor = page.nextCursor;
  } while (left > 0 && now() - started < budget.milliseconds);
  const note = 'too much for one question: only the newest part of the window is counted';
  return { from: cursor.timestamp, to: window.to, isExact: false, note };
}
