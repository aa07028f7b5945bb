import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Where spools are when nothing is said: with the user's id, since what is in it is read by its owner only. In a container a
 * user may have an id and no name.
 */
export function defaultSpoolDir(): string {
  return join(tmpdir(), `tailrace-${process.getuid?.() ?? userName()}`);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'user';
  }
}
