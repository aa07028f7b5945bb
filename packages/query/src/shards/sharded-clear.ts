import type { Clear } from '../clear/clear.js';

/** Clears one shard of a cluster after the other, and says how many entries are gone from all of them. */
export function createShardedClear(clears: readonly Clear[]): Clear {
  return async function* clearShards(request, options) {
    let before = 0;
    for (const clear of clears) {
      let removed = 0;
      for await (removed of clear(request, options)) yield before + removed;
      before += removed;
    }
  };
}
