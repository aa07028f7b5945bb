import { constants } from 'node:http2';
import { readMember } from '@tailrace/writer';
import type { NodeRequest, NodeResponse } from './node-exchange.js';
import type { Ending } from './request-log.js';

/** Connections that a time limit of the server ended. */
const timedOut = new WeakSet<object>();
const watched = new WeakSet<object>();

/** A connection is closed in the same way by its client and by `server.timeout`; only this event tells them apart. */
export function watchTimeout(request: NodeRequest): void {
  const socket: unknown = readMember(request, 'socket');
  // Requests that are injected have none, or one that does nothing.
  if (typeof socket !== 'object' || socket === null || watched.has(socket)) return;
  if (typeof readMember(socket, 'once') !== 'function') return;
  watched.add(socket);
  request.socket.once('timeout', () => timedOut.add(socket));
}

/**
 * How a request ended, and who broke it off: the server when it destroyed request, response or connection, else the client.
 *
 * @param isFinished whether the response said that all of it was handed over
 */
export function endingOf(request: NodeRequest, response: NodeResponse, isFinished: boolean): Ending {
  if (isComplete(response, isFinished)) return 'complete';
  if (brokenOffWith(request, response) !== undefined) return 'failed';
  const socket: unknown = readMember(request, 'socket');
  const connectionError = readMember(socket, 'errored');
  const isLate = codeOf(readMember(request, 'errored')) === LATE || codeOf(connectionError) === LATE;
  if (isLate || isTimedOut(socket)) return 'timed_out';
  const isLeft = 'stream' in response ? isStreamLeft(response) : isConnectionLeft(socket, connectionError);
  return isLeft ? 'aborted' : 'failed';
}

/** What the handler destroyed the response or the request with. */
export function brokenOffWith(request: NodeRequest, response: NodeResponse): Error | undefined {
  const own = readMember('stream' in response ? response.stream : response, 'errored') as
    | Error
    | null
    | undefined;
  // From version 24 on Node itself destroys so what waits for its turn on a connection that is gone.
  const neverHadItsTurn =
    readMember(response, 'socket') === null &&
    readMember(readMember(request, 'socket'), 'destroyed') === true;
  if (own && !(neverHadItsTurn && codeOf(own) === RESET)) return own;
  const { errored } = request;
  const isOfNode = codeOf(errored) === RESET || codeOf(errored) === LATE;
  return errored && !isOfNode && readMember(request.socket, 'errored') === errored ? errored : undefined;
}

/** Of a connection that is gone. */
const RESET = 'ECONNRESET';

/** Of a request that took longer than `server.requestTimeout` to come. */
const LATE = 'ERR_HTTP_REQUEST_TIMEOUT';

function isComplete(response: NodeResponse, isFinished: boolean): boolean {
  return 'stream' in response
    ? response.writableEnded && !response.stream.aborted && response.stream.rstCode === 0
    : response.writableFinished || isFinished;
}

function isTimedOut(socket: unknown): boolean {
  return typeof socket === 'object' && socket !== null && timedOut.has(socket);
}

/** The client closed its side, or the network failed; a server that destroys a connection sees neither. */
function isConnectionLeft(socket: unknown, connectionError: unknown): boolean {
  if (typeof socket !== 'object' || socket === null) return true;
  const isReal = typeof readMember(socket, 'readableEnded') === 'boolean';
  return !isReal || Boolean(connectionError) || readMember(socket, 'readableEnded') === true;
}

/** Clients cancel; other codes say what went wrong in a server. */
function isStreamLeft(response: Extract<NodeResponse, { stream: unknown }>): boolean {
  const { rstCode } = response.stream;
  return (
    rstCode === undefined || rstCode === constants.NGHTTP2_NO_ERROR || rstCode === constants.NGHTTP2_CANCEL
  );
}

function codeOf(error: unknown): unknown {
  return readMember(error, 'code');
}
