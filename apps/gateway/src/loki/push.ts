import { LokiError, type LokiPush, readLokiPush } from '@tailrace/intake';
import { MAX_BODY_BYTES } from '../http/body/held-bodies.js';
import { mediaTypeOf } from '../http/body/media-type.js';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { createWorkTurns } from '../http/work-turns.js';
import { storeOutcomes } from '../intake/store-outcomes.js';

/** Requests that are worked at; the bodies of the others wait. */
const MAX_AT_WORK = 2;

/** Answers `POST /loki/api/v1/push`: stores the lines, and replies when they are stored. */
export function lokiPushHandlers({ writer }: Pick<GatewayDeps, 'writer'>) {
  const turns = createWorkTurns(MAX_AT_WORK);
  return {
    'POST /loki/api/v1/push': ({ c, bytes = Buffer.alloc(0) }) =>
      turns.run(async () => {
        const isJson = mediaTypeOf(c.req.raw) === 'application/json';
        const push = readPush(bytes, isJson ? 'json' : 'protobuf');
        const refusals = await storeOutcomes(push, writer);
        const refused = refusals?.count ?? 0;
        return { accepted: push.count - refused, refused, ...(refusals && { reason: refusals.first }) };
      }),
  } satisfies Partial<Handlers>;
}

/** @throws RequestError when the body is not one: nothing of it is stored then. */
function readPush(bytes: Buffer, encoding: 'json' | 'protobuf'): LokiPush {
  try {
    return readLokiPush(bytes, { encoding, maxBytes: MAX_BODY_BYTES });
  } catch (error) {
    if (!(error instanceof LokiError)) throw error;
    throw new RequestError('invalid_body', `the body ${error.message}`);
  }
}
