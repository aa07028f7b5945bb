import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflate } from 'node:zlib';
import { RequestError } from '../errors/request-error.js';
import { shownValue } from '../errors/shown-value.js';

/** By their names in `Content-Encoding` (RFC 9110, section 8.4.1). */
const DECODERS = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
]);

/**
 * Reads a request's body without its content coding, a piece at a time: nothing is inflated before it is asked for.
 *
 * @param maxBytes as many bytes the body may have as it is sent
 * @throws RequestError when it is larger, in a coding that is not known here, or not whole.
 */
export async function* decodedBody(request: Request, maxBytes: number): AsyncGenerator<Uint8Array> {
  const coding = (request.headers.get('content-encoding') ?? '').trim().toLowerCase();
  // A block of Snappy is a part of Loki's protocol, whose reader knows it; some of its clients say so here.
  const isPlain = coding === '' || coding === 'identity' || coding === 'snappy';
  const decoder = DECODERS.get(coding)?.();
  if (!isPlain && decoder === undefined) {
    const message = `content-encoding is ${shownValue(coding)}; allowed: gzip, deflate, identity`;
    throw new RequestError('unsupported_media_type', message, 'content-encoding');
  }
  const sent = sentBody(request, maxBytes);
  if (decoder === undefined) {
    yield* sent;
    return;
  }
  // What goes wrong in the pipeline ends the decoder, whose reader is told.
  const piped = pipeline(Readable.from(sent, { objectMode: false }), decoder).catch(() => undefined);
  try {
    yield* decoder as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
    throw new RequestError('invalid_body', `the body is no ${coding}: ${(error as Error).message}`);
  } finally {
    decoder.destroy();
    await piped;
  }
}

async function* sentBody(request: Request, maxBytes: number): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get('content-length')) > maxBytes) throw bodyTooLarge(maxBytes);
  let seen = 0;
  for await (const chunk of request.body ?? []) {
    seen += chunk.byteLength;
    if (seen > maxBytes) throw bodyTooLarge(maxBytes);
    yield chunk;
  }
}

/** @param maxBytes what is allowed, as it is sent and without its content coding */
export function bodyTooLarge(maxBytes: number): RequestError {
  return new RequestError('body_too_large', `the body is too large; allowed: ${maxBytes} bytes`);
}
