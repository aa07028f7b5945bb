import type { Redis } from 'ioredis';

/** A server that removes keys by itself when its memory is full. */
export interface Eviction {
  /** Its `maxmemory-policy`, such as `allkeys-lru`. */
  readonly policy: string;
  /** Its `maxmemory` in bytes; 0: no bound, so nothing is removed until somebody sets one. */
  readonly maxBytes: number;
}

/**
 * Whether the server may remove what was written, entries and counters alike, without a word
 * (https://redis.io/docs/latest/develop/reference/eviction/).
 *
 * @returns `undefined` for `noeviction`, and where the server does not answer INFO
 */
export async function evictionOf(redis: Pick<Redis, 'info'>): Promise<Eviction | undefined> {
  const info = await redis.info('memory').catch(() => '');
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === undefined || policy === 'noeviction') return undefined;
  return { policy, maxBytes: Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0) };
}

/** What an operator is told of it. */
export function evictionWarning({ policy }: Eviction): string {
  return `Redis has maxmemory-policy ${policy}: when its memory is full it removes logs without a word; allowed: noeviction`;
}
