import { createHash } from 'node:crypto';
import type { ResolvedOptions } from '../logger-options.js';
import type { SpoolPlace } from '../spool/spool-directory.js';

/** @returns `undefined` when there is to be no spool. */
export function spoolPlace(options: ResolvedOptions): SpoolPlace | undefined {
  const { spoolDir, redis, keyPrefix } = options;
  if (spoolDir === false) return undefined;
  const target = createHash('sha256')
    .update(`${serverName(redis)} ${keyPrefix}`)
    .digest('hex')
    .slice(0, 16);
  return { spoolDir, target };
}

/** Without user and password: whoever changes them still means the same server. */
function serverName(redis: ResolvedOptions['redis']): string {
  if (typeof redis === 'string') {
    const { hostname, port, pathname } = new URL(redis);
    return `${hostname}:${port || '6379'}/${pathname.slice(1) || '0'}`;
  }
  const { host = 'localhost', port = 6379, path, db = 0 } = redis;
  return `${path ?? `${host}:${port}`}/${db}`;
}
