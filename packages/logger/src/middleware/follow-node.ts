import type { Socket } from 'node:net';
import type { NodeRequest, NodeResponse } from './node-exchange.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import type { Ending, RequestLog } from './request-log.js';

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
  const following = followingOf(response) ?? followingOf(request);
  if (following === undefined) follow(log, request, response);
  else following.logs.push(log);
  watchTimeout(request.socket);
  // A pipelined request whose turn has not come has no connection yet, and is not told when that is lost.
  if ('assignSocket' in response && response.socket === null) {
    request.once('close', () => {
      if (request.socket.destroyed && response.socket === null) endLogs.call(response as unknown as Followed);
    });
  }
}

/** Kept on both, where what stands in for their methods finds it: closures made for each request cost a microsecond. */
const FOLLOWING = Symbol('tailrace.following');

/** A request and its response while they are followed. */
interface Following {
  /** More than one where the middleware stands more than once; the innermost is the last. */
  readonly logs: Pick<RequestLog<never>, 'run' | 'received' | 'sent' | 'failed' | 'end'>[];
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  readonly push: Method;
  readonly write: Method;
  readonly end: Method;
  isEnding: boolean;
}

/** A request or a response. */
interface Followed {
  [FOLLOWING]: Following;
}

function followingOf(followed: object): Following | undefined {
  return (followed as Partial<Followed>)[FOLLOWING];
}

/** A method that a body's bytes pass through; every overload of each fits. */
type Method = (this: Followed, chunk?: unknown, encoding?: unknown, callback?: unknown) => never;

function follow<Request>(log: RequestLog<Request>, request: NodeRequest, response: NodeResponse): void {
  const incoming = request as unknown as Followed & { push: Method };
  const outgoing = response as unknown as Followed & { write: Method; end: Method };
  const { push } = incoming;
  const { write, end } = outgoing;
  const following: Following = { logs: [log], request, response, push, write, end, isEnding: false };
  incoming[FOLLOWING] = following;
  incoming.push = pushReceived;
  outgoing[FOLLOWING] = following;
  outgoing.write = writeSent;
  outgoing.end = endSent;
  response.on('close', endLogs);
}

/**
 * Counts the body as it comes from the connection, whoever reads it and however. The events it causes belong to the
 * request, so that what is logged in a listener of `data` or `end` has its context.
 */
function pushReceived(this: Followed, chunk?: unknown, encoding?: unknown): never {
  const { logs, push } = this[FOLLOWING];
  if (chunk !== null) for (const log of logs) log.received(chunk, encoding);
  return (logs.at(-1) as RequestLog<never>).run(() => push.call(this, chunk, encoding));
}

function writeSent(this: Followed, chunk?: unknown, encoding?: unknown, callback?: unknown): never {
  const { logs, write, isEnding } = this[FOLLOWING];
  // Some `end` call `write` themselves.
  if (!isEnding) for (const log of logs) log.sent(chunk, encoding);
  return write.call(this, chunk, encoding, callback);
}

function endSent(this: Followed, chunk?: unknown, encoding?: unknown, callback?: unknown): never {
  const following = this[FOLLOWING];
  // It may be called twice.
  if (!following.isEnding) for (const log of following.logs) log.sent(chunk, encoding);
  following.isEnding = true;
  return following.end.call(this, chunk, encoding, callback);
}

function endLogs(this: Followed): void {
  const { logs, request, response } = this[FOLLOWING];
  const status = response.headersSent ? response.statusCode : undefined;
  const ending = endingOf(request, response);
  for (const log of logs) {
    log.failed(errorOf(request, response));
    log.end(status, ending);
  }
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
  if (errorOf(request, response) !== undefined) return 'failed';
  const { errored, socket } = request;
  const isLate = timedOut.has(socket) || codeOf(errored) === LATE || codeOf(socket.errored) === LATE;
  return isLate ? 'timed_out' : 'aborted';
}

/** What the handler destroyed the response with. */
function errorOf(request: NodeRequest, response: NodeResponse): Error | undefined {
  if (!('errored' in response) || response.errored === null) return undefined;
  // From version 24 on Node itself destroys so what waits for its turn on a connection that is gone.
  const neverHadItsTurn = response.socket === null && request.socket.destroyed;
  return neverHadItsTurn && codeOf(response.errored) === RESET ? undefined : response.errored;
}

/** Of a connection that is gone. */
const RESET = 'ECONNRESET';

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
