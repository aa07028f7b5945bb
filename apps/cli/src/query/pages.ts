import { type EndpointName, type LogsReply, MAX_LIMIT } from '@tailrace/api';
import type { Client } from '@tailrace/client';
import type { EntryReply } from '@tailrace/schema';
import { openUnnamedFile } from '../unnamed-file.js';
import { given, type QueryParameters } from './query-parameters.js';

/** An endpoint that replies entries page by page. */
export type EntriesEndpoint = Extract<EndpointName, `GET /logs${'' | '/search' | '/errors' | '/slow'}`>;

/** The entries of one reply, oldest first. */
export interface Page {
  readonly logs: readonly EntryReply[];
  /** Nothing older is wanted or there. */
  readonly last: boolean;
}

/**
 * Reads a query page by page, as the gateway's cursors go: the newest page first. A page may be short or empty
 * without being the last (`partial`): the cursor goes on until `limit` entries are found or none are left.
 */
export async function* readPages(
  gateway: Client,
  name: EntriesEndpoint,
  query: QueryParameters,
  limit: number,
): AsyncGenerator<Page> {
  let left = limit;
  let cursor: string | null = null;
  do {
    const page: QueryParameters = {
      ...query,
      limit: String(Math.min(left, MAX_LIMIT)),
      cursor: cursor ?? undefined,
    };
    const reply: LogsReply = await gateway.ask(name, { query: given<typeof name>(page) });
    left -= reply.logs.length;
    cursor = left > 0 ? reply.next_cursor : null;
    yield { logs: reply.logs, last: cursor === null };
  } while (cursor !== null);
}

/**
 * Turns pages round, so that all entries come oldest to newest. A single page is handed on at once; of several, the
 * newer ones wait in a temporary file, so that memory holds one page however many there are.
 */
export async function* oldestFirst(pages: AsyncIterable<Page>): AsyncGenerator<readonly EntryReply[]> {
  const waiting: { readonly start: number; readonly length: number }[] = [];
  let end = 0;
  let file: Awaited<ReturnType<typeof openUnnamedFile>> | undefined;
  try {
    for await (const page of pages) {
      if (page.last) {
        yield page.logs;
        break;
      }
      const bytes = Buffer.from(JSON.stringify(page.logs));
      file ??= await openUnnamedFile();
      await file.appendFile(bytes);
      waiting.push({ start: end, length: bytes.length });
      end += bytes.length;
    }
    for (const { start, length } of waiting.reverse()) {
      const bytes = Buffer.alloc(length);
      await file?.read(bytes, 0, length, start);
      yield JSON.parse(bytes.toString());
    }
  } finally {
    await file?.close();
  }
}
