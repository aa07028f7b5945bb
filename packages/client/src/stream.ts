import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { bodyChunks } from './body-chunks.js';
import { ConnectionError } from './connection-error.js';
import { GatewayError } from './gateway-error.js';
import { type StreamEvent, streamEventOf } from './stream-event.js';

/** How patient a follower is. */
export interface Patience {
  /** Before each attempt to connect again; the last one stands for all that follow. @default 500 ms, then ever longer up to 10 s */
  readonly retryDelaysMs?: readonly number[];
  /** A connection that is silent for longer is given up: the gateway sends something every 15 seconds. @default 40000 */
  readonly silenceMs?: number;
}

/** Opens the stream, with the id of the last event seen in the headers. */
type OpenStream = (headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Response>;

const RETRY_DELAYS_MS = [500, 1_000, 2_000, 5_000, 10_000];
const SILENCE_MS = 40_000;

/**
 * Reads a stream on over lost connections, behind the last event seen.
 *
 * @throws GatewayError or ConnectionError when the first connection fails, or the gateway refuses.
 */
export async function* streamEvents(
  open: OpenStream,
  signal: AbortSignal | undefined,
  { retryDelaysMs = RETRY_DELAYS_MS, silenceMs = SILENCE_MS }: Patience,
): AsyncGenerator<StreamEvent, void> {
  let lastId = '';
  let wasConnected = false;
  let failures = 0;
  while (!signal?.aborted) {
    const connection = watch(signal, silenceMs);
    try {
      const headers = { accept: 'text/event-stream', ...(lastId !== '' && { 'last-event-id': lastId }) };
      const response = await open(headers, connection.signal);
      if (failures > 0) yield { type: 'connection', id: lastId, state: 'back' };
      wasConnected = true;
      failures = 0;
      for await (const message of messagesOf(response, connection.heard)) {
        lastId = message.id || lastId;
        const event = streamEventOf(message, lastId);
        if (event !== undefined) yield event;
      }
    } catch (error) {
      if (signal?.aborted) return;
      const mayPass = error instanceof GatewayError ? error.mayPass : isLoss(error);
      if (!wasConnected || !mayPass) throw error;
    } finally {
      connection.end();
    }
    if (failures === 0 && !signal?.aborted) yield { type: 'connection', id: lastId, state: 'lost' };
    await pause(retryDelaysMs[Math.min(failures, retryDelaysMs.length - 1)] ?? 0, signal);
    failures += 1;
  }
}

/** What a lost connection throws: our own error, that of a reply cut off, or the end of a silent one. */
function isLoss(error: unknown): boolean {
  if (error instanceof ConnectionError || error instanceof TypeError) return true;
  return error instanceof Error && error.name === 'AbortError';
}

/** A signal that aborts with `outer`, and when nothing was heard for so long. */
function watch(outer: AbortSignal | undefined, silenceMs: number) {
  const ending = new AbortController();
  const end = () => ending.abort();
  let timer = setTimeout(end, silenceMs);
  outer?.addEventListener('abort', end);
  return {
    signal: ending.signal,
    heard() {
      clearTimeout(timer);
      timer = setTimeout(end, silenceMs);
    },
    end() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', end);
      end();
    },
  };
}

async function* messagesOf(response: Response, heard: () => void): AsyncGenerator<EventSourceMessage> {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of bodyChunks(response)) {
    heard();
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* messages.splice(0);
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
