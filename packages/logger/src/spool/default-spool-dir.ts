import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where spools are when nothing is said: with the user's id, since what is in it is read by its owner only. */
export function defaultSpoolDir(): string {
  const { uid, username } = userInfo();
  return join(tmpdir(), `tailrace-${uid >= 0 ? uid : username}`);
}
