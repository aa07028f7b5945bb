import { createRequire } from 'node:module';

/** What makes connections. */
export type RedisModule = typeof import('@tailrace/redis');

/**
 * Loads the Redis client, which takes longer than everything else of a logger together: when the first batch is due, not
 * when a service starts.
 *
 * A bundle of ESM (esbuild, Rolldown) has no `require` for the client's calls of Node's own modules, so it is lent one while
 * the client is loaded.
 */
export async function loadRedis(): Promise<RedisModule> {
  if (!lacksRequire()) return import('@tailrace/redis');
  const holder = globalThis as { require?: unknown };
  const lent = createRequire(process.execPath);
  holder.require = lent;
  try {
    return await import('@tailrace/redis');
  } finally {
    if (holder.require === lent) delete holder.require;
  }
}

/** Bundlers put a function in place of `require`, which throws where there is none. ESM itself has no such name. */
function lacksRequire(): boolean {
  if (typeof require !== 'function') return false;
  try {
    require('node:net');
    return false;
  } catch {
    return true;
  }
}
