import type { HttpBindings } from '@hono/node-server';
import { type ExportError, MAX_LIMIT } from '@tailrace/api';
import { compileFilter, type SearchPage } from '@tailrace/query';
import { type Cursor, type Entry, encodeCursor, toEntryReply } from '@tailrace/schema';
import type { Handlers } from '../http/endpoints/handler.js';
import { knownError } from '../http/errors/error-reply.js';
import type { GatewayContext, GatewayDeps } from '../http/gateway-env.js';
import { createPageRoom } from '../http/page-room.js';
import { understandQuery } from '../http/query/understood-query.js';
import { piecesOf, textStream } from '../http/text-stream.js';
import { csvHeader, csvLine } from './csv.js';
import { entryJson } from './entry-json.js';
import type { HasRoom } from './logs-reply.js';

const FORMATS = {
  ndjson: {
    type: 'application/x-ndjson',
    header: '',
    line: (entry: Entry) => `${entryJson(entry)}\n`,
  },
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    header: csvHeader(),
    line: (entry: Entry) => csvLine(toEntryReply(entry)),
  },
} as const;

/** Bytes of entries read at once: what an export holds of a client that takes nothing. */
const MAX_STEP_BYTES = 256 * 1024;

const CLOSING = { code: 'store_unavailable', message: 'the gateway closes; ask again' } as const;

/**
 * Answers `GET /logs/export`: every entry that matches, newest first, read page by page and only as fast as the client takes
 * them. An NDJSON export that cannot be finished ends with a line that says how to go on; a CSV is broken off.
 */
export function exportHandlers({ reader, closing, report, now = Date.now }: GatewayDeps) {
  return {
    'GET /logs/export': async ({ c, query }) => {
      // The window ends now, so that what is written meanwhile does not make it endless.
      const understood = understandQuery(query, now());
      const { window, limit = Number.POSITIVE_INFINITY, cursor } = understood;
      const { format, ...given } = understood.filter;
      const filter = compileFilter(given);
      const leaving = new AbortController();
      const signal = AbortSignal.any([closing, c.req.raw.signal, leaving.signal]);
      const { type, header, line } = FORMATS[format];
      const search = (from: Cursor | undefined, wanted: number) =>
        reader.search(
          { filter, window, limit: Math.min(wanted, MAX_LIMIT), cursor: from, hasRoom: stepRoom() },
          { signal },
        );
      // The first page before the reply begins, so that a store that is away is a 503.
      const first = await search(cursor, limit);
      c.header('content-type', type);
      c.header('content-disposition', `attachment; filename="logs.${format}"`);
      if (c.req.method === 'HEAD') return c.body(null);
      return c.body(textStream(chunks(), () => leaving.abort()));

      async function* chunks(): AsyncGenerator<string> {
        if (header !== '') yield header;
        let page: SearchPage = first;
        let wanted = limit;
        let reached = cursor;
        try {
          for (;;) {
            yield* piecesOf(page.entries.reverse().map(line));
            wanted -= page.entries.length;
            if (page.nextCursor === null || wanted === 0) return;
            reached = page.nextCursor;
            page = await search(reached, wanted);
          }
        } catch (error) {
          if (leaving.signal.aborted || c.req.raw.signal.aborted) return;
          report(`GET /logs/export failed (request ${c.get('requestId')}): ${String(error)}`);
          if (format === 'csv') return breakOff(c);
          const { code, message } = closing.aborted ? CLOSING : knownError(error as Error);
          const next_cursor = reached === undefined ? null : encodeCursor(reached);
          yield `${JSON.stringify({ export_error: { code, message, next_cursor } } satisfies ExportError)}\n`;
        }
      }
    },
  } satisfies Partial<Handlers>;
}

function stepRoom(): HasRoom {
  const { take } = createPageRoom(MAX_STEP_BYTES).open();
  return (entry) => take(entryJson(entry));
}

/** Ends the connection in the middle of the reply, which is how HTTP says that a part is missing. */
function breakOff(c: GatewayContext): void {
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>;
  outgoing?.destroy();
}
