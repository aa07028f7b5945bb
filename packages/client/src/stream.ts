import type { EndpointQuery } from '@tailrace/api';
import type { EntryReply } from '@tailrace/schema';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { GatewayError } from './gateway-error.js';
import type { QueryValue } from './query-text.js';

/** Filters of `GET /logs/stream`; `after` is the id of the last event seen, `tail` how many of the last matches come first. */
export type StreamQuery = {
  readonly [Parameter in keyof EndpointQuery<'GET /logs/stream'>]: QueryValue;
};

/** What a follower is told. `id` is the place in the stream, to go on from with `after`. */
export type StreamEvent =
  | { readonly type: 'entry'; readonly id: string; readonly entry: EntryReply }
  /** So many matches were left out: this reader was too slow. */
  | { readonly type: 'missed'; readonly id: string; readonly data: Readonly<Record<string, unknown>> }
  /** What lay between was trimmed from the stream before it was read, or the stream began anew. */
  | { readonly type: 'gap'; readonly id: string; readonly data: Readonly<Record<string, unknown>> }
  /** Whether the gateway reaches its store. */
  | { readonly type: 'status'; readonly id: string; readonly data: Readonly<Record<string, unknown>> };

/** Opens the stream, with the id of the last event seen in the headers. */
type OpenStream = (headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Response>;

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;
const TOLD: ReadonlySet<string> = new Set(['missed', 'gap', 'status']);

/** Reads a stream on over lost connections. */
export async function* streamEvents(
  open: OpenStream,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent, void> {
  const leaving = new AbortController();
  const ending = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]);
  let lastId = '';
  let isFirst = true;
  let retryMs = FIRST_RETRY_MS;
  try {
    while (!ending.aborted) {
      try {
        const response = await open(lastId === '' ? {} : { 'last-event-id': lastId }, ending);
        isFirst = false;
        for await (const message of messagesOf(response)) {
          retryMs = FIRST_RETRY_MS;
          lastId = message.id || lastId;
          const event = eventOf(message, lastId);
          if (event !== undefined) yield event;
        }
      } catch (error) {
        if (ending.aborted) return;
        if (isFirst || (error instanceof GatewayError && error.status < 500 && error.status !== 429))
          throw error;
      }
      await pause(retryMs, ending);
      retryMs = Math.min(2 * retryMs, MAX_RETRY_MS);
    }
  } finally {
    leaving.abort();
  }
}

async function* messagesOf(response: Response): AsyncGenerator<EventSourceMessage, void> {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* messages.splice(0);
  }
}

/** @returns `undefined` for an event only this module needs, or of a name that came later than it. */
function eventOf({ event = 'message', data }: EventSourceMessage, id: string): StreamEvent | undefined {
  if (event === 'message') return { type: 'entry', id, entry: JSON.parse(data) };
  if (!TOLD.has(event)) return undefined;
  return { type: event as 'missed' | 'gap' | 'status', id, data: JSON.parse(data) };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
