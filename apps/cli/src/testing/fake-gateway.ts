import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EntryReply } from '@tailrace/schema';

/** A request a fake gateway got. */
export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers a request; `false` leaves it to the default answers. */
export type Answer = (seen: Seen, response: ServerResponse) => boolean | undefined;

/** A stand-in for the gateway that replies as documented, from a list of entries. */
export interface FakeGateway extends AsyncDisposable {
  readonly url: string;
  readonly requests: Seen[];
}

/** Starts one on a free port; `answer` comes first, then entries (oldest first) in pages by cursor, and ingest. */
export async function startFakeGateway(
  entries: readonly EntryReply[] = [],
  answer: Answer = () => false,
): Promise<FakeGateway> {
  const requests: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '', 'http://fake');
    const seen = {
      method: request.method ?? '',
      url,
      headers: request.headers,
      body: String(Buffer.concat(chunks)),
    };
    requests.push(seen);
    if (answer(seen, response)) return;
    if (seen.method === 'POST') replyJson(response, 201, ingest(JSON.parse(seen.body)));
    else replyJson(response, 200, page(entries, url.searchParams));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends a JSON reply. */
export function replyJson(response: ServerResponse, status: number, body: unknown): true {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  return true;
}

/** Sends an error reply. */
export function replyError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  field?: string,
): true {
  return replyJson(response, status, { error: { code, message, field, request_id: 'r1' } });
}

function ingest(posted: readonly unknown[]) {
  return { accepted: posted.length, ids: posted.map((_, i) => `log:1:app:${i}`), refused: [] };
}

/** The cursor of this fake is how many of the newest entries have been shown. */
function page(entries: readonly EntryReply[], query: URLSearchParams) {
  const shown = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 100);
  const end = Math.max(0, entries.length - shown);
  const start = Math.max(0, end - limit);
  const logs = entries.slice(start, end);
  const next = start > 0 ? String(shown + limit) : null;
  return { query: {}, logs, count: logs.length, total: entries.length, next_cursor: next, partial: false };
}

/** An entry with sensible values. */
export function fakeEntry(number: number, fields: Partial<EntryReply> = {}): EntryReply {
  return {
    id: `log:${number}:app:x`,
    timestamp: new Date(1705314645123 + number).toISOString(),
    kind: 'log',
    level: 'INFO',
    component: 'app',
    message: `message ${number}`,
    ...fields,
  };
}
