import type { LogsReply } from '@tailrace/api';
import type { SearchPage } from '@tailrace/query';
import { type Entry, encodeCursor, toEntryReply } from '@tailrace/schema';

/** Entries of a page, in the order they are replied. */
interface Page extends Omit<SearchPage, 'entries'> {
  readonly entries: readonly Entry[];
}

/** A page of entries as it is replied. */
export function logsReply(query: LogsReply['query'], page: Page): LogsReply {
  return {
    query,
    logs: page.entries.map(toEntryReply),
    count: page.entries.length,
    total: page.total,
    next_cursor: page.nextCursor === null ? null : encodeCursor(page.nextCursor),
    partial: page.partial,
  };
}
