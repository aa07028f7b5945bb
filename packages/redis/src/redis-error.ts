/**
 * First words of error replies that pass: the server is full, loading, a replica, busy, or refuses us until somebody
 * mends it. All of them refuse the whole call, of which nothing is applied.
 */
const PASSING =
  /^(OOM|LOADING|READONLY|NOSCRIPT|BUSY|MASTERDOWN|NOREPLICAS|MISCONF|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|UNKILLABLE|NOAUTH|WRONGPASS|NOPERM|ERR max number of clients|ERR AUTH|ERR invalid password|ERR unknown command)/;

/** Attempts at a call the server refuses for a reason that will not pass, before the call is given up. */
export const MAX_REFUSALS = 5;

/** Whether the server answered, with an error. */
export function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Whether the server will answer the same to the same call for ever. A lost connection or a late answer is not that. */
export function isLasting(error: unknown): boolean {
  return isReply(error) && !PASSING.test(error.message);
}

/** First words of replies of a server that is not, or not now, the one that serves: a replica, without its primary, loading. */
const ELSEWHERE = /^(READONLY|MASTERDOWN|CLUSTERDOWN|LOADING|UNBLOCKED) /;

/**
 * Whether the server says that it is not the one to ask. Behind a proxy or a name that leads to another one by now only a new
 * connection finds that.
 */
export function isElsewhere(error: unknown): boolean {
  return isReply(error) && ELSEWHERE.test(error.message);
}

/** What ioredis says when there is no connection or no answer, and Redis when it does not serve now. */
const MESSAGES =
  /^((The c|the c|C)onnection is closed|Command timed out|Stream isn't writeable|Reached the max retries|(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|OOM|READONLY|MISCONF|NOAUTH|WRONGPASS|NOPERM) )/;
const SOCKET_CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_|ENOTFOUND)/;

/** Whether an error of the connection means that Redis cannot serve now, rather than that we asked wrongly. */
export function isStoreUnavailable(error: Error): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return MESSAGES.test(error.message) || SOCKET_CODES.test(code);
}
