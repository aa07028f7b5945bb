import type { GatewayContext } from './gateway-env.js';

/** Texts shorter than this are sent at once, with their length. */
const MAX_WHOLE_LENGTH = 256 * 1024;
/** Letters of one piece, as many as are worth a write. */
const PIECE_LENGTH = 64 * 1024;

/**
 * A body of texts that are made when the client takes them: nothing is read ahead of the connection.
 *
 * @param ended is called once, when all is taken or the client is gone
 */
export function textStream(
  texts: AsyncIterator<string> | Iterator<string>,
  ended: () => void = () => {},
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await texts.next();
          if (done !== true) return controller.enqueue(encoder.encode(value));
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        ended();
      },
      async cancel() {
        ended();
        await texts.return?.(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Texts in pieces that are worth sending. */
export function* piecesOf(texts: Iterable<string>): Generator<string> {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/**
 * Replies texts of one JSON value: whole where they are short, else as a stream.
 *
 * @param ended is called once, when all is sent or the client is gone
 */
export function replyTexts(c: GatewayContext, texts: readonly string[], ended: () => void): Response {
  const headers = { 'content-type': 'application/json' };
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length > MAX_WHOLE_LENGTH && c.req.method !== 'HEAD') {
    return c.body(textStream(piecesOf(texts), ended), 200, headers);
  }
  ended();
  return c.body(c.req.method === 'HEAD' ? '' : texts.join(''), 200, headers);
}
