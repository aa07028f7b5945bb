import { entryFoundSchema, type LogsReply, logsReplySchema } from '@tailrace/api';
import type { EntryReply } from '@tailrace/schema';

/** One page of an endpoint that replies with entries. */
export async function readPage(gateway: string, path: string): Promise<LogsReply> {
  const response = await fetch(gateway + path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return logsReplySchema.parse(await response.json());
}

/** All pages of an endpoint, by cursors; newest page first, each page oldest to newest. */
export async function readPages(gateway: string, path: string, limit = 1_000): Promise<LogsReply[]> {
  const pages: LogsReply[] = [];
  let cursor: string | null = null;
  do {
    const paging: string = `limit=${limit}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await readPage(gateway, `${path}${path.includes('?') ? '&' : '?'}${paging}`);
    pages.push(page);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return pages;
}

/** The entry of an id. */
export async function readEntry(gateway: string, id: string): Promise<EntryReply> {
  const response = await fetch(`${gateway}/logs/entry/${encodeURIComponent(id)}`);
  if (!response.ok) throw new Error(`${id}: ${response.status} ${await response.text()}`);
  return entryFoundSchema.parse(await response.json()).entry;
}
