import { type Entry, type Keyspace, MAX_FUTURE_MS } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { isWrongType } from '../key-conflict.js';
import { parseStreamEntry } from '../tail/stream-entry.js';
import { readStream } from '../tail/stream-state.js';

/** Events read at a time: about 2 ms of Redis. */
const STEP = 500;
/** How far from its timestamp most entries are written. */
const NEAR_MS = 60_000;

/** Removes the event of an entry from the stream, where it still has it. */
export async function removeEvent(redis: Redis, keyspace: Keyspace, entry: Entry): Promise<void> {
  const { timestamp } = entry;
  const near = { from: `${Math.max(0, timestamp - NEAR_MS)}`, to: `${timestamp + NEAR_MS}` };
  // No entry is written longer before its timestamp than it may lie ahead.
  const all = { from: `${Math.max(0, timestamp - MAX_FUTURE_MS)}`, to: '+' };
  try {
    for (const range of [near, all]) if (await removeWithin(redis, keyspace, entry.id, range)) return;
  } catch (error) {
    // A stream of somebody else holds no entry of ours.
    if (!isWrongType(error)) throw error;
  }
}

async function removeWithin(
  redis: Redis,
  keyspace: Keyspace,
  id: string,
  range: { readonly from: string; readonly to: string },
): Promise<boolean> {
  const stream = keyspace.stream();
  for (let { from } = range; ; ) {
    const { entries, isAll } = await readStream(redis, stream, { from, to: range.to, count: STEP });
    const found = entries.find(([, fields]) => parseStreamEntry(fields)?.id === id);
    if (found !== undefined) {
      await redis.xdel(stream, found[0]);
      return true;
    }
    const last = entries.at(-1);
    if (last === undefined || isAll) return false;
    from = `(${last[0]}`;
  }
}
