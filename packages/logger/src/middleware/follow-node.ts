import { brokenOffWith, endingOf, watchTimeout } from './node-ending.js';
import type { NodeRequest, NodeResponse } from './node-exchange.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import type { RequestLog } from './request-log.js';

/**
 * Follows a request to the end of its response: counts both bodies as they pass, tells the client the request's id,
 * and writes the entry when the response has left or the connection is gone.
 */
export function followResponse<Request>(
  log: RequestLog<Request>,
  request: NodeRequest,
  response: NodeResponse,
): void {
  tellId(response, log.id);
  const following = followingOf(response) ?? followingOf(request);
  if (following === undefined) follow(log, request, response);
  else following.logs.push(log);
  watchTimeout(request);
  // A pipelined request whose turn has not come has no connection yet, and is not told when that is lost.
  if ('assignSocket' in response && response.socket === null) {
    request.once('close', () => {
      if (request.socket?.destroyed && response.socket === null)
        endLogs.call(response as unknown as Followed);
    });
  }
}

/** A response that takes no header is no reason to fail its request. */
function tellId(response: NodeResponse, id: string): void {
  try {
    if (!response.headersSent) response.setHeader(REQUEST_ID_HEADER, id);
  } catch {}
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
  /** Whether the response said that it is finished: one that was injected is never written by a connection. */
  isFinished: boolean;
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
  const following: Following = {
    logs: [log],
    request,
    response,
    push,
    write,
    end,
    isEnding: false,
    isFinished: false,
  };
  incoming[FOLLOWING] = following;
  incoming.push = pushReceived;
  outgoing[FOLLOWING] = following;
  outgoing.write = writeSent;
  outgoing.end = endSent;
  response.on('finish', noteFinish);
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

function noteFinish(this: Followed): void {
  this[FOLLOWING].isFinished = true;
}

function endLogs(this: Followed): void {
  const { logs, request, response, isFinished } = this[FOLLOWING];
  try {
    const status = response.headersSent ? response.statusCode : undefined;
    const ending = endingOf(request, response, isFinished);
    const error = brokenOffWith(request, response);
    for (const log of logs) {
      log.failed(error);
      log.end(status, ending);
    }
  } catch {
    // What is so different from a request of Node's is logged as far as it is known.
    for (const log of logs) log.end(undefined, 'failed');
  }
}
