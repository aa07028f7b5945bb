import type { CompiledFilter, LogReader } from '@tailrace/query';
import type { Cursor, Entry, TimeWindow } from '@tailrace/schema';

/** Shows every stored entry that matches, of a window of time, to `visit`. */
export type Scan = (
  request: { readonly filter: CompiledFilter; readonly window: TimeWindow; readonly errorsOnly?: boolean },
  visit: (entry: Entry) => void,
) => Promise<void>;

const PAGE = 1_000;
/** Entries after which the time is looked at, and the time after which everybody else gets a turn. */
const SLICE = 32;
const SLICE_MS = 8;

/** A scan that reads all pages of a reader, however many there are. */
export function scanOf(reader: LogReader, signal?: AbortSignal): Scan {
  return async ({ filter, window, errorsOnly = false }, visit) => {
    let cursor: Cursor | undefined;
    do {
      const options = signal === undefined ? {} : { signal };
      const page = await reader.search({ filter, window, limit: PAGE, cursor, errorsOnly }, options);
      await inSlices(page.entries, visit);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  };
}

async function inSlices(entries: readonly Entry[], visit: (entry: Entry) => void): Promise<void> {
  let since = performance.now();
  for (const [i, entry] of entries.entries()) {
    visit(entry);
    if (i % SLICE !== 0 || performance.now() - since < SLICE_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  }
}
