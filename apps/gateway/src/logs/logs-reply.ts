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

/** How the entries of a page are replied: under which name, and each as what. */
export interface PageList {
  readonly name: string;
  /** Called twice for each entry: to know how large it is, and to send it. */
  readonly jsonOf: (entry: Entry) => string;
}

/** Replies a page of entries as they are. @see replyPage */
export function replyLogs(
  c: GatewayContext,
  query: LogsReply['query'],
  room: PageRoom,
  read: (hasRoom: HasRoom) => Promise<Page>,
): Promise<Response> {
  return replyPage(c, query, room, { name: 'logs', jsonOf: entryJson }, read);
}

/**
 * Replies a page; a large one is written as the client takes it.
 *
 * @param read finds the page, as far as there is room
 * @param more what else the reply says of the entries
 */
export async function replyPage(
  c: GatewayContext,
  query: LogsReply['query'],
  room: PageRoom,
  list: PageList,
  read: (hasRoom: HasRoom) => Promise<Page>,
  more: (entries: readonly Entry[]) => object = () => ({}),
): Promise<Response> {
  const space = room.open();
  try {
    const { entries, total, nextCursor, partial, reason } = await read((entry) =>
      space.take(list.jsonOf(entry)),
    );
    const rest = {
      count: entries.length,
      total,
      next_cursor: nextCursor === null ? null : encodeCursor(nextCursor),
      partial,
      ...(reason !== undefined && { partial_reason: reason }),
      ...more(entries),
    } satisfies Omit<LogsReply, 'query' | 'logs'>;
    const all = entries.map((entry, i) => (i === 0 ? '' : ',') + list.jsonOf(entry));
    all.unshift(`{"query":${JSON.stringify(query)},"${list.name}":[`);
    all.push(`],${JSON.stringify(rest).slice(1)}`);
    return replyTexts(c, all, space.release);
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
