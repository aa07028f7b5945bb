import { OtlpError, type OtlpLogs, readOtlpLogs } from '@tailrace/intake';
import { mediaTypeOf } from '../http/body/media-type.js';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { createWorkTurns } from '../http/work-turns.js';
import { storeOutcomes } from '../intake/store-outcomes.js';
import { otlpReply } from './otlp-reply.js';

/** Requests that are worked at; the bodies of the others wait. */
const MAX_AT_WORK = 2;

/** Answers `POST /v1/logs`: stores the log records of an OTLP request, and replies when they are stored. */
export function otlpHandlers({ writer, now = Date.now }: Pick<GatewayDeps, 'writer' | 'now'>) {
  const turns = createWorkTurns(MAX_AT_WORK);
  return {
    'POST /v1/logs': ({ c, bytes = Buffer.alloc(0) }) =>
      turns.run(async () => {
        const isJson = mediaTypeOf(c.req.raw) === 'application/json';
        const logs = readLogs(bytes, isJson ? 'json' : 'protobuf', now());
        return otlpReply(c, await storeOutcomes(logs, writer));
      }),
  } satisfies Partial<Handlers>;
}

/** @throws RequestError when the body is not one: nothing of it is stored then. */
function readLogs(bytes: Buffer, encoding: 'json' | 'protobuf', now: number): OtlpLogs {
  try {
    return readOtlpLogs(bytes, encoding, now);
  } catch (error) {
    if (!(error instanceof OtlpError)) throw error;
    throw new RequestError('invalid_body', `the body ${error.message}`);
  }
}
