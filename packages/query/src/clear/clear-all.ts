import { storageRowOf } from '@tailrace/schema';
import { type ExpiryOptions, refreshExpiry, scanKeys } from './refresh-expiry.js';

/** Removes are not begun any more once `signal` is aborted. */
export interface ClearAllOptions extends ExpiryOptions {
  readonly signal: AbortSignal | undefined;
}

/** What was written during one pass goes in the next; an application that never stops writing ends it here. */
const MAX_PASSES = 3;

/**
 * Removes every key of the storage table that is log data. What the writers keep of themselves must stay: without their
 * numbers of applied batches, a batch that is sent again would be written after all.
 */
export async function* clearAll(options: ClearAllOptions): AsyncGenerator<number> {
  const { keyspace, signal } = options;
  let removed = 0;
  try {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      let isClean = true;
      for await (const keys of scanKeys(options, '*')) {
        signal?.throwIfAborted();
        const data = keys.filter((key) => isData(key, keyspace.base));
        if (data.length === 0) continue;
        isClean = false;
        removed += await removeKeys(options, data);
        yield removed;
      }
      if (isClean) break;
    }
  } finally {
    await refreshExpiry(options);
  }
}

/** @returns how many of them were entries. */
async function removeKeys({ redis, keyspace }: ClearAllOptions, keys: readonly string[]): Promise<number> {
  const isEntry = (key: string) => /^(req|log):/.test(key.slice(keyspace.base.length));
  const entries = keys.filter(isEntry);
  const others = keys.filter((key) => !isEntry(key));
  const [removed] = await Promise.all([
    entries.length > 0 ? redis.unlink(...entries) : 0,
    others.length > 0 ? redis.unlink(...others) : 0,
  ]);
  return removed;
}

function isData(key: string, base: string): boolean {
  const row = storageRowOf(key, base);
  return row !== undefined && row.staysOnClear !== true;
}
