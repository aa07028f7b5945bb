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
