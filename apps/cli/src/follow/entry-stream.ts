import { setTimeout as sleep } from 'node:timers/promises';
import { type EntryReply, entryReplySchema } from '@tailrace/schema';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { z } from 'zod';
import type { Gateway, QueryParameters } from '../gateway.js';
import { GatewayError } from '../gateway-error.js';

/** What a follower is told. */
export type StreamEvent =
  | { readonly kind: 'entry'; readonly entry: EntryReply }
  /** This follower read too slowly, or away for too long: so many entries were left out. */
  | { readonly kind: 'missed'; readonly count: number }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'reconnected' };

/** @default first retry after half a second, then ever longer up to ten */
export const RETRY_DELAYS_MS: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000];

const missedSchema = z.object({ count: z.number() });

/**
 * Follows `GET /logs/stream`. A lost connection is made again for as long as it takes and goes on after the last
 * event id seen (`Last-Event-ID`), so nothing is skipped or repeated.
 *
 * @throws GatewayError when the first connection fails, or the gateway refuses the query.
 * @param signal ends the stream without an error
 */
export async function* readEntryStream(
  gateway: Gateway,
  query: QueryParameters,
  signal: AbortSignal,
  retryDelaysMs: readonly number[] = RETRY_DELAYS_MS,
): AsyncGenerator<StreamEvent> {
  let lastEventId: string | undefined;
  let failures = 0;
  let connectedBefore = false;
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...(lastEventId && { 'last-event-id': lastEventId }) };
      const response = await gateway.open('/logs/stream', query, headers, signal);
      if (connectedBefore && failures > 0) yield { kind: 'reconnected' };
      connectedBefore = true;
      failures = 0;
      for await (const message of messagesOf(response)) {
        lastEventId = message.id ?? lastEventId;
        const event = decodeMessage(message);
        if (event) yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      const refused = error instanceof GatewayError && !error.mayPass;
      if (refused || !connectedBefore) throw error;
    }
    if (failures === 0 && !signal.aborted) yield { kind: 'disconnected' };
    const delayMs = retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)];
    await sleep(delayMs, undefined, { signal }).catch(() => undefined); // rejects when aborted, which ends the loop
    failures += 1;
  }
}

async function* messagesOf(response: Response): AsyncGenerator<EventSourceMessage> {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* messages.splice(0);
  }
}

/** Events of a name or shape this version does not know are passed over. */
function decodeMessage({ event = 'message', data }: EventSourceMessage): StreamEvent | undefined {
  const value = parseJson(data);
  if (event === 'message' || event === 'entry') {
    return entryReplySchema.safeParse(value).success
      ? { kind: 'entry', entry: value as EntryReply }
      : undefined;
  }
  const missed = event === 'missed' ? missedSchema.safeParse(value) : undefined;
  return missed?.success ? { kind: 'missed', count: missed.data.count } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
