/**
 * First words of error replies that pass: the server is full, loading, a replica, busy, or refuses us until somebody
 * mends it. All of them refuse the whole call, of which nothing is applied.
 */
const PASSING =
  /^(OOM|LOADING|READONLY|NOSCRIPT|BUSY|MASTERDOWN|NOREPLICAS|MISCONF|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|CROSSSLOT|UNKILLABLE|NOAUTH|WRONGPASS|NOPERM|ERR max number of clients|ERR AUTH|ERR invalid password|ERR unknown command)/;

/** How Redis and Valkey refuse a command inside of a script: it is renamed, the user may not run it, or its slot moves. */
const REFUSED_COMMAND =
  /can't run this command|no permissions to run|nknown (Redis )?command called from script|attempted to access a non local key/;

/** How they refuse one key: it is of another type, or the user may not touch it. */
const REFUSED_KEY = /^WRONGTYPE|access at least one of the keys|permissions to access/;

/** Attempts at a call the server refuses for a reason that will not pass, before the call is given up. */
export const MAX_REFUSALS = 5;

/** Whether the server answered, with an error. */
export function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Whether the server will answer the same to the same call for ever. A lost connection or a late answer is not that. */
export function isLasting(error: unknown): boolean {
  return isReply(error) && !isPassing(error.message);
}

/** Whether what Redis said about one key inside of a script refuses that key for good, and nothing else. */
export function isLastingRefusal(message: string): boolean {
  return REFUSED_KEY.test(message) || !isPassing(message);
}

/** An error reply that came as a text, in the reply of a script. */
export function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

function isPassing(message: string): boolean {
  return PASSING.test(message) || REFUSED_COMMAND.test(message);
}

/** First words of replies of a server that is not, or not now, the one that serves: a replica, without its primary, loading. */
const ELSEWHERE = /^(READONLY|MASTERDOWN|CLUSTERDOWN|LOADING|UNBLOCKED|MOVED) /;

/**
 * Whether the server says that it is not the one to ask. Behind a proxy or a name that leads to another one by now only a new
 * connection finds that.
 */
export function isElsewhere(error: unknown): boolean {
  return isReply(error) && ELSEWHERE.test(error.message);
}

/** What ioredis says when there is no connection or no answer, and Redis when it does not serve now. */
const MESSAGES =
  /^((The c|the c|C)onnection is closed|Command timed out|Stream isn't writeable|Reached the max retries|(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOREPLICAS|OOM|READONLY|MISCONF|NOAUTH|WRONGPASS|NOPERM) )/;
const SOCKET_CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_|ENOTFOUND)/;

/** Whether an error of the connection means that Redis cannot serve now, rather than that we asked wrongly. */
export function isStoreUnavailable(error: Error): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return MESSAGES.test(error.message) || REFUSED_COMMAND.test(error.message) || SOCKET_CODES.test(code);
}

/** Whether Redis refused a write because `maxmemory` is reached and its policy removes nothing. */
export function isStoreFull({ message }: Error): boolean {
  return message.startsWith('OOM ');
}
