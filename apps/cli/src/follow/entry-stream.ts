import { setTimeout as sleep } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Gateway, QueryParameters } from '../gateway.js';
import { GatewayError } from '../gateway-error.js';
import { decodeMessage, type StreamEvent } from './stream-event.js';

/** How patient a follow is. */
export interface Patience {
  /** Before each attempt to connect again; the last one stands for all that follow. */
  readonly retryDelaysMs: readonly number[];
  /** A connection that is silent for longer is dead: the gateway sends something every 15 seconds. */
  readonly silenceMs: number;
}

/** @default half a second, then ever longer up to ten seconds */
export const DEFAULT_PATIENCE: Patience = {
  retryDelaysMs: [500, 1_000, 2_000, 5_000, 10_000],
  silenceMs: 40_000,
};

/**
 * Follows `GET /logs/stream`, some events at a time, as they come. A lost connection is made again for as long as it
 * takes and goes on after the last event id seen (`Last-Event-ID`), so nothing is skipped or repeated.
 *
 * @throws GatewayError when the first connection fails, or the gateway refuses the query.
 * @param signal ends the stream without an error
 */
export async function* readEntryStream(
  gateway: Gateway,
  query: QueryParameters,
  signal: AbortSignal,
  { retryDelaysMs, silenceMs }: Patience = DEFAULT_PATIENCE,
): AsyncGenerator<StreamEvent[], void> {
  let lastEventId: string | undefined;
  let failures = 0;
  let connectedBefore = false;
  while (!signal.aborted) {
    const connection = watch(signal, silenceMs);
    try {
      const headers = { accept: 'text/event-stream', ...(lastEventId && { 'last-event-id': lastEventId }) };
      const response = await gateway.open('/logs/stream', query, headers, connection.signal);
      if (connectedBefore && failures > 0) yield [{ kind: 'reconnected' }];
      connectedBefore = true;
      failures = 0;
      for await (const messages of messagesOf(response, connection.heard)) {
        lastEventId = messages.findLast(({ id }) => id !== undefined)?.id ?? lastEventId;
        const events = messages.map(decodeMessage).filter((event) => event !== undefined);
        if (events.length > 0) yield events;
      }
    } catch (error) {
      if (signal.aborted) return;
      const refused = error instanceof GatewayError && !error.mayPass;
      if (refused || !connectedBefore) throw error;
    } finally {
      connection.end();
    }
    if (failures === 0 && !signal.aborted) yield [{ kind: 'disconnected' }];
    const delayMs = retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)];
    await sleep(delayMs, undefined, { signal }).catch(() => undefined); // rejects when aborted, which ends the loop
    failures += 1;
  }
}

/** A signal that aborts with `outer`, and when nothing was heard for so long. */
function watch(outer: AbortSignal, silenceMs: number) {
  const ending = new AbortController();
  const end = () => ending.abort();
  const timer = setTimeout(end, silenceMs);
  outer.addEventListener('abort', end);
  return {
    signal: ending.signal,
    heard: () => void timer.refresh(),
    end() {
      clearTimeout(timer);
      outer.removeEventListener('abort', end);
      end();
    },
  };
}

async function* messagesOf(response: Response, heard: () => void): AsyncGenerator<EventSourceMessage[]> {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    heard();
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (messages.length > 0) yield messages.splice(0);
  }
}
