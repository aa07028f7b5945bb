import { removeOwnKeys } from './own-keys.js';
import { type ExpiryOptions, refreshExpiry, scanKeys } from './refresh-expiry.js';

/** Once `signal` is aborted, no further step begins. */
export interface ClearAllOptions extends ExpiryOptions {
  readonly signal: AbortSignal | undefined;
}

/** A pass removes what was written during the one before; an application may never stop writing. */
const MAX_PASSES = 3;

/**
 * Removes every key of the storage table that is log data, of the type and shape we write: a key of somebody else may have
 * such a name. What the writers keep of themselves must stay: without their
 * numbers of applied batches, a batch that is sent again would be written after all.
 */
export async function* clearAll(options: ClearAllOptions): AsyncGenerator<number> {
  const { redis, keyspace, signal } = options;
  let removed = 0;
  try {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      let isClean = true;
      for await (const keys of scanKeys(options, '*')) {
        signal?.throwIfAborted();
        const { entries, others } = await removeOwnKeys({ redis, keyspace, keys });
        if (entries + others === 0) continue;
        isClean = false;
        removed += entries;
        yield removed;
      }
      if (isClean) break;
    }
  } finally {
    await refreshExpiry(options);
  }
}
