import type { Cursor, Entry, TimeWindow } from '@tailrace/schema';
import type { CompiledFilter } from '../filter/compile-filter.js';
import { isWrongType } from '../key-conflict.js';
import type { LogReader } from '../search/reader.js';
import { parseStreamEntry } from '../tail/stream-entry.js';
import { readStream } from '../tail/stream-state.js';
import { clearDeleted } from './clear-deleted.js';
import { indexKeysOf } from './entry-keys.js';
import { isOwnEntry } from './own-keys.js';
import { type ExpiryOptions, refreshExpiry } from './refresh-expiry.js';

/** @see clearMatching */
export interface ClearMatchingOptions extends ExpiryOptions {
  readonly reader: LogReader;
  readonly filter: CompiledFilter;
  readonly window: TimeWindow;
  readonly signal: AbortSignal | undefined;
}

/** Entries found at a time. */
const PAGE = 1_000;
/** Entries removed in one transaction: about 2 ms of Redis. */
const STEP = 100;
/** Events of the stream read at a time: about 2 ms of Redis. */
const STREAM_STEP = 500;

/**
 * Removes what a search finds: each entry with its members in all indexes in one step, then the same entries from the
 * stream. What matches and was deleted before, and could be restored, goes as well.
 */
export async function* clearMatching(options: ClearMatchingOptions): AsyncGenerator<number> {
  const { reader, filter, window, signal } = options;
  let removed = 0;
  let cursor: Cursor | undefined;
  try {
    do {
      const request = { filter, window, limit: PAGE, cursor };
      const { entries, nextCursor } = await reader.search(request, signal === undefined ? {} : { signal });
      for (let i = 0; i < entries.length; i += STEP) {
        signal?.throwIfAborted();
        removed += await removeEntries(options, entries.slice(i, i + STEP));
      }
      yield removed;
      cursor = nextCursor ?? undefined;
    } while (cursor !== undefined);
    for await (const gone of clearDeleted(options)) {
      removed += gone;
      yield removed;
    }
    await removeFromStream(options).catch((error: unknown) => {
      // A stream of somebody else holds no entry of ours.
      if (!isWrongType(error)) throw error;
    });
  } finally {
    await refreshExpiry(options);
  }
}

/**
 * Removes entries with their members in all indexes, in one transaction.
 *
 * @returns how many were still there.
 */
export async function removeEntries(
  { redis, keyspace }: Pick<ClearMatchingOptions, 'redis' | 'keyspace'>,
  found: readonly Entry[],
): Promise<number> {
  const entries = found.filter((entry) => isOwnEntry(entry, keyspace.base));
  if (entries.length === 0) return 0;
  const members = new Map<string, string[]>();
  for (const entry of entries) {
    for (const key of indexKeysOf(entry, keyspace)) members.set(key, [...(members.get(key) ?? []), entry.id]);
  }
  const step = redis.multi();
  step.unlink(...entries.map(({ id }) => id));
  for (const [key, ids] of members) step.zrem(key, ...ids);
  const [[error, removed] = [null, 0]] = (await step.exec()) ?? [];
  if (error !== null) throw error;
  return removed as number;
}

async function removeFromStream({ redis, keyspace, filter, window, signal }: ClearMatchingOptions) {
  const stream = keyspace.stream();
  let from = '-';
  for (;;) {
    signal?.throwIfAborted();
    const { entries, isAll } = await readStream(redis, stream, { from, to: '+', count: STREAM_STEP });
    const ids = entries
      .filter(([, fields]) => {
        const entry = parseStreamEntry(fields);
        if (entry === undefined) return false;
        return entry.timestamp >= window.from && entry.timestamp <= window.to && filter.matches(entry);
      })
      .map(([id]) => id);
    if (ids.length > 0) await redis.xdel(stream, ...ids);
    const last = entries.at(-1);
    if (last === undefined || isAll) return;
    from = `(${last[0]}`;
  }
}
