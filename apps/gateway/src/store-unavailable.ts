/** What ioredis says when there is no connection or no answer, and Redis when it does not serve now. */
const MESSAGES =
  /^(Connection is closed|Command timed out|Stream isn't writeable|Reached the max retries|(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|OOM|READONLY|MISCONF|NOAUTH|WRONGPASS|NOPERM) )/;
const SOCKET_CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_|ENOTFOUND)/;

/** Whether an error of the connection means that Redis cannot serve now, rather than that we asked wrongly. */
export function isStoreUnavailable(error: Error): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return MESSAGES.test(error.message) || SOCKET_CODES.test(code);
}
