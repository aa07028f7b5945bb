import { constants, fstatSync, openSync } from 'node:fs';

/** A descriptor whose writes return at once. */
export interface NonBlocking {
  readonly fd: number;
  /** Whether it is one of our own, to be closed. */
  readonly isOwn: boolean;
}

/**
 * Makes writing to a pipe, a socket or a terminal return at once where nobody reads it. On Linux a pipe or terminal is
 * opened anew, so that nothing changes for others who have it. Files stay as they are: nobody reads them too slowly.
 */
export function nonBlocking(fd: number): NonBlocking {
  if (isFile(fd)) return { fd, isOwn: false };
  try {
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
    return { fd: openSync(`/proc/self/fd/${fd}`, flags), isOwn: true };
  } catch {
    // Sockets cannot be opened anew, and not every system has /proc. Node makes its own streams non-blocking.
    if (fd === 1) void process.stdout;
    if (fd === 2) void process.stderr;
    return { fd, isOwn: false };
  }
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
