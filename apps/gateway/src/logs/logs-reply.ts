import type { LogsReply } from '@tailrace/api';
import type { SearchPage } from '@tailrace/query';
import { type Entry, encodeCursor } from '@tailrace/schema';
import type { GatewayContext } from '../http/gateway-env.js';
import { replyTexts } from '../http/text-stream.js';
import { entryJson } from './entry-json.js';
import type { PageRoom, PageSpace } from './page-room.js';

/** Entries of a page, in the order they are replied. */
export interface Page extends Omit<SearchPage, 'entries'> {
  readonly entries: readonly Entry[];
}

/**
 * Replies a page of entries. Each is made JSON once, and a large page is written as the client takes it.
 *
 * @param read finds the page; it may have what the space of the page takes
 */
export async function replyLogs(
  c: GatewayContext,
  query: LogsReply['query'],
  room: PageRoom,
  read: (fits: PageSpace['fits']) => Promise<Page>,
): Promise<Response> {
  const { fits, release } = room.open();
  try {
    const { entries, total, nextCursor, partial } = await read(fits);
    const rest = {
      count: entries.length,
      total,
      next_cursor: nextCursor === null ? null : encodeCursor(nextCursor),
      partial,
    } satisfies Omit<LogsReply, 'query' | 'logs'>;
    const texts = entries.map((entry, i) => (i === 0 ? '' : ',') + entryJson(entry));
    texts.unshift(`{"query":${JSON.stringify(query)},"logs":[`);
    texts.push(`],${JSON.stringify(rest).slice(1)}`);
    return replyTexts(c, texts, release);
  } catch (error) {
    release();
    throw error;
  }
}

/** The first of some entries that fit into a page, one at least. */
export function fitting(entries: readonly Entry[], fits: PageSpace['fits']): readonly Entry[] {
  const end = entries.findIndex((entry, i) => !fits(entry) && i > 0);
  return end < 0 ? entries : entries.slice(0, end);
}
