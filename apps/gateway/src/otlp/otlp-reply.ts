import type { OtlpReply } from '@tailrace/api';
import { mediaTypeOf } from '../http/body/media-type.js';
import type { ErrorShape } from '../http/errors/error-reply.js';
import type { GatewayContext } from '../http/gateway-env.js';
import type { Refusals } from '../intake/store-outcomes.js';
import { type ProtobufField, protobufMessage } from './protobuf-message.js';

const PROTOBUF = 'application/x-protobuf';

/**
 * Replies an ExportLogsServiceResponse, in the encoding of the request.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function otlpReply(c: GatewayContext, refusals: Refusals | undefined): Response {
  if (isProtobuf(c)) {
    const partial = refusals && protobufMessage([1, refusals.count], [2, refusals.first]);
    return protobufReply(c, partial === undefined ? [] : [[1, partial]]);
  }
  const reply: OtlpReply =
    refusals === undefined
      ? {}
      : { partialSuccess: { rejectedLogRecords: String(refusals.count), errorMessage: refusals.first } };
  return c.json(reply);
}

/** Codes of google.rpc.Code by status of HTTP; what is none of these is UNKNOWN. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  413: 3,
  415: 3,
  429: 8,
  503: 14,
};
const UNKNOWN = 2;

/**
 * An error of `POST /v1/logs`: a google.rpc.Status, in the encoding of the request.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#failures-1
 */
export const otlpErrorReply: ErrorShape = ({ message }, c, status) => {
  const code = RPC_CODES[status] ?? UNKNOWN;
  if (!isProtobuf(c)) return c.json({ code, message }, status);
  c.status(status);
  return protobufReply(c, [
    [1, code],
    [2, message],
  ]);
};

function isProtobuf(c: GatewayContext): boolean {
  return mediaTypeOf(c.req.raw) === PROTOBUF;
}

function protobufReply(c: GatewayContext, fields: readonly ProtobufField[]): Response {
  c.header('content-type', PROTOBUF);
  return c.body(new Uint8Array(protobufMessage(...fields)));
}
