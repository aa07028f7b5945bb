import { isStreamId, type TailEvent } from '@tailrace/query';
import { filterShape, toEntryReply } from '@tailrace/schema';
import type { Hono } from 'hono';
import { type SSEMessage, streamSSE } from 'hono/streaming';
import { z } from 'zod';
import type { GatewayDeps, GatewayEnv } from './gateway-env.js';
import { parseQuery } from './query-parameters.js';
import { RequestError } from './request-error.js';
import { shownValue } from './shown-value.js';

/** A comment is sent this often, as proxies close what is silent for 30 seconds. */
const HEARTBEAT_MS = 15_000;

const streamId = z.string().refine(isStreamId, 'must be the id of an earlier event, such as 1705314645123-0');
const streamQuerySchema = z.strictObject({
  ...filterShape,
  after: streamId.optional().describe('Id of the last event already seen. Default: from now on'),
});

/**
 * Adds `GET /logs/stream`: entries as they are written, as Server-Sent Events (WHATWG HTML, section 9.2). The id of
 * an event is its stream id, its data the entry; an event `missed` carries the count of entries left out. A client that
 * comes back with `Last-Event-ID` goes on where it was.
 */
export function addStreamRoute(app: Hono<GatewayEnv>, { tail, closing }: GatewayDeps): void {
  app.get('/logs/stream', async (c) => {
    const { after, ...filter } = parseQuery(streamQuerySchema, c.req.url);
    const lastEventId = parseLastEventId(c.req.header('last-event-id'));
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    const ending = new AbortController();
    const end = () => ending.abort();
    const clientGone = c.req.raw.signal;
    closing.addEventListener('abort', end);
    clientGone.addEventListener('abort', end);
    if (closing.aborted || clientGone.aborted) end();
    const release = () => {
      end();
      closing.removeEventListener('abort', end);
      clientGone.removeEventListener('abort', end);
    };
    const follow = tail.follow({ filter, after: lastEventId ?? after, signal: ending.signal });
    const events = await follow.catch((error: unknown) => {
      release();
      throw error;
    });
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      stream.onAbort(end);
      await stream.write(': following\n\n');
      const heartbeat = setInterval(() => void stream.write(':\n\n'), HEARTBEAT_MS);
      try {
        for await (const event of events) await stream.writeSSE(toMessage(event));
      } finally {
        clearInterval(heartbeat);
        release();
      }
    });
  });
}

/** What a client sends on its own when it comes back stands above the `after` of its first URL. */
function parseLastEventId(header: string | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  if (isStreamId(header)) return header;
  const message = `last-event-id is ${shownValue(header)}: must be the id of an earlier event`;
  throw new RequestError('invalid_parameter', message, 'last-event-id');
}

function toMessage(event: TailEvent): SSEMessage {
  if (event.type === 'missed') return { event: 'missed', data: JSON.stringify({ count: event.count }) };
  return { id: event.streamId, data: JSON.stringify(toEntryReply(event.entry)) };
}
