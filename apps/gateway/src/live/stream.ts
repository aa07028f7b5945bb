import type { EndpointParameters } from '@tailrace/api';
import type { Following, FollowRequest } from '@tailrace/query';
import { isEventId } from '@tailrace/schema';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { eventText, HEARTBEAT, positionText, STREAM_HEAD } from './stream-text.js';

/** Something is sent this often, as proxies close what is silent for 30 seconds. */
const HEARTBEAT_MS = 15_000;

/** The last one tells nginx, and who follows it, to pass on what comes as it comes. */
const HEADERS = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };

/**
 * Answers `GET /logs/stream`: entries as they are written, as Server-Sent Events. The id of an event is its stream id, its
 * data the entry; events with a name say what else a follower has to know. A client that comes back with
 * `Last-Event-ID` goes on where it was.
 */
export function streamHandlers({ tail, closing }: GatewayDeps) {
  closing.addEventListener('abort', () => tail.close());
  return {
    'GET /logs/stream': async ({ c, query }) => {
      const request = followRequest(query, c.req.header('last-event-id'));
      if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS);
      const following = await tail.follow(request);
      if (closing.aborted) following.leave();
      return c.body(bodyOf(following), 200, { ...HEADERS, 'transfer-encoding': 'chunked' });
    },
  } satisfies Partial<Handlers>;
}

/** What a client sends on its own when it comes back stands above what its first URL said. */
function followRequest(
  { after, tail: last, ...filter }: EndpointParameters<'GET /logs/stream'>,
  lastEventId: string | undefined,
): FollowRequest {
  if (after !== undefined && last !== undefined) {
    throw new RequestError('invalid_parameter', 'tail must not be given together with after', 'tail');
  }
  if (lastEventId === undefined || lastEventId === '') return { filter, after, last };
  if (isEventId(lastEventId)) return { filter, after: lastEventId };
  const message = `last-event-id is ${shownValue(lastEventId)}: must be the id of an earlier event`;
  throw new RequestError('invalid_parameter', message, 'last-event-id');
}

/**
 * The events as a body, made when the client takes them: what a slow client has not taken waits in its bounded buffer,
 * and it gets no heartbeats on top.
 */
function bodyOf(following: Following): ReadableStream<Uint8Array> {
  const texts = textsOf(following);
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        const { value, done } = await texts.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: () => following.leave(),
    },
    { highWaterMark: 0 },
  );
}

async function* textsOf(following: Following): AsyncGenerator<string, void> {
  let text = STREAM_HEAD;
  let toldPosition: string | undefined;
  let toldAt = performance.now();
  try {
    while (true) {
      const { position } = following;
      const isSilent = text === '' && performance.now() - toldAt > HEARTBEAT_MS / 2;
      if (position !== undefined && position !== toldPosition && (toldPosition === undefined || isSilent)) {
        text += positionText(position);
        toldPosition = position;
      } else if (isSilent) text = HEARTBEAT;
      if (text !== '') {
        yield text;
        toldAt = performance.now();
      }
      const events = await following.next(HEARTBEAT_MS);
      if (events === undefined) return;
      text = events.map(eventText).join('');
    }
  } finally {
    following.leave();
  }
}
