import type { Duplex } from 'node:stream';
import type { RequestLog } from './request-log.js';

type Write = (this: unknown, chunk?: unknown, encoding?: unknown, callback?: unknown) => never;

/** The answer to an upgrade; of the informal ones before it only 101 is final. */
const STATUS_LINE = /^HTTP\/1\.[01] (101|[2-5]\d\d) /;
const STATUS_LINE_LENGTH = 13;

/**
 * Writes the entry of an upgrade when it is answered, which nobody but the socket sees: with 101, or with what it was
 * refused with. How long the connection lasts is no response time.
 */
export function followUpgrade<Request>(log: RequestLog<Request>, socket: Duplex): void {
  const watched = socket as unknown as { write: Write; end: Write };
  const { write, end } = watched;
  const answer = (chunk: unknown) => {
    const [, status] = STATUS_LINE.exec(startOf(chunk)) ?? [];
    if (status === undefined) return;
    watched.write = write;
    watched.end = end;
    socket.off('close', leave);
    log.end(Number(status), 'complete');
  };
  const leave = () => log.end(undefined, 'aborted');
  watched.write = (chunk, encoding, callback) => {
    answer(chunk);
    return write.call(socket, chunk, encoding, callback);
  };
  watched.end = (chunk, encoding, callback) => {
    answer(chunk);
    return end.call(socket, chunk, encoding, callback);
  };
  socket.once('close', leave);
}

function startOf(chunk: unknown): string {
  if (typeof chunk === 'string') return chunk.slice(0, STATUS_LINE_LENGTH);
  return chunk instanceof Uint8Array ? Buffer.from(chunk).toString('latin1', 0, STATUS_LINE_LENGTH) : '';
}
