import type { Socket } from 'node:net';
import type { NodeRequest, NodeResponse } from './node-exchange.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import type { Ending, RequestLog } from './request-log.js';

/** The part of a stream's or a response's method that is counted; every overload of it fits. */
type Write = (this: unknown, chunk?: unknown, encoding?: unknown, callback?: unknown) => never;

/**
 * Follows a request to the end of its response: counts both bodies as they pass, tells the client the request's id,
 * and writes the entry when the response has left or the connection is gone.
 */
export function followResponse<Request>(
  log: RequestLog<Request>,
  request: NodeRequest,
  response: NodeResponse,
): void {
  if (!response.headersSent) response.setHeader(REQUEST_ID_HEADER, log.id);
  countRequest(log, request);
  countResponse(log, response);
  watchTimeout(request.socket);
  const end = () => {
    log.failed(errorOf(response));
    log.end(response.headersSent ? response.statusCode : undefined, endingOf(request, response));
  };
  response.on('close', end);
  // A pipelined request whose turn has not come has no connection yet, and is not told when that is lost.
  if ('assignSocket' in response && response.socket === null) {
    request.once('close', () => {
      if (request.socket.destroyed && response.socket === null) end();
    });
  }
}

/**
 * Counts the body as it comes from the connection, whoever reads it and however. The events it causes belong to the
 * request, so that what is logged in a listener of `data` or `end` has its context.
 */
function countRequest<Request>(log: RequestLog<Request>, request: NodeRequest): void {
  const push = request.push;
  request.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk !== null) log.received(chunk, encoding);
    return log.inContext(push, request, chunk, encoding);
  };
}

function countResponse<Request>(log: RequestLog<Request>, response: NodeResponse): void {
  const counted = response as unknown as { write: Write; end: Write };
  const { write, end } = counted;
  let isEnding = false;
  counted.write = (chunk, encoding, callback) => {
    if (!isEnding) log.sent(chunk, encoding);
    return write.call(response, chunk, encoding, callback);
  };
  counted.end = (chunk, encoding, callback) => {
    // Some `end` call `write` themselves, and it may be called twice.
    if (!isEnding) log.sent(chunk, encoding);
    isEnding = true;
    return end.call(response, chunk, encoding, callback);
  };
}

/** Connections that a time limit of the server ended. */
const timedOut = new WeakSet<Socket>();
const watched = new WeakSet<Socket>();

/** A connection is closed in the same way by its client and by `server.timeout`; only this event tells them apart. */
function watchTimeout(socket: Socket): void {
  if (watched.has(socket)) return;
  watched.add(socket);
  socket.once('timeout', () => timedOut.add(socket));
}

function endingOf(request: NodeRequest, response: NodeResponse): Ending {
  if (isComplete(response)) return 'complete';
  if (errorOf(response) !== undefined) return 'failed';
  const { errored, socket } = request;
  const isLate = timedOut.has(socket) || codeOf(errored) === LATE || codeOf(socket.errored) === LATE;
  return isLate ? 'timed_out' : 'aborted';
}

/** What the response was destroyed with. */
function errorOf(response: NodeResponse): Error | undefined {
  return ('errored' in response && response.errored) || undefined;
}

/** Of a request that took longer than `server.requestTimeout` to come. */
const LATE = 'ERR_HTTP_REQUEST_TIMEOUT';

function isComplete(response: NodeResponse): boolean {
  return 'stream' in response
    ? response.writableEnded && !response.stream.aborted && response.stream.rstCode === 0
    : response.writableFinished;
}

function codeOf(error: Error | null): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}
