import type { LogsReply } from '@tailrace/api';
import type { SearchPage } from '@tailrace/query';
import { type Entry, encodeCursor } from '@tailrace/schema';
import type { GatewayContext } from '../http/gateway-env.js';
import type { PageRoom } from '../http/page-room.js';
import { replyTexts } from '../http/text-stream.js';
import { entryJson } from './entry-json.js';

/** Entries of a page, in the order they are replied. */
export interface Page extends Omit<SearchPage, 'entries'> {
  readonly entries: readonly Entry[];
}

/** Is told of each entry that is taken into a page. @returns whether there is room for more */
export type HasRoom = (taken: Entry) => boolean;

/**
 * Replies a page of entries. Each is made JSON once, and a large page is written as the client takes it.
 *
 * @param read finds the page, as far as there is room
 * @param textOf the JSON of an entry. @default as an entry is replied
 */
export async function replyLogs(
  c: GatewayContext,
  query: LogsReply['query'],
  room: PageRoom,
  read: (hasRoom: HasRoom) => Promise<Page>,
  textOf: (entry: Entry) => string = entryJson,
): Promise<Response> {
  const space = room.open();
  try {
    const { entries, total, nextCursor, partial, reason } = await read((entry) => space.take(textOf(entry)));
    const rest = {
      count: entries.length,
      total,
      next_cursor: nextCursor === null ? null : encodeCursor(nextCursor),
      partial,
      ...(reason !== undefined && { partial_reason: reason }),
    } satisfies Omit<LogsReply, 'query' | 'logs'>;
    const texts = entries.map((entry, i) => (i === 0 ? '' : ',') + textOf(entry));
    texts.unshift(`{"query":${JSON.stringify(query)},"logs":[`);
    texts.push(`],${JSON.stringify(rest).slice(1)}`);
    return replyTexts(c, texts, space.release);
  } catch (error) {
    space.release();
    throw error;
  }
}

/** The first of some entries, as far as there is room; one at least. */
export function fitting(entries: readonly Entry[], hasRoom: HasRoom): readonly Entry[] {
  const last = entries.findIndex((entry) => !hasRoom(entry));
  return last < 0 ? entries : entries.slice(0, last + 1);
}
