import { redisScript, runScript } from '@tailrace/redis';
import type { Redis } from 'ioredis';
import { READ_STREAM_LUA } from './read-stream.lua.js';
import { STREAM_START, type StreamReply } from './stream-entry.js';

/** What Redis knows of a stream as a whole (XINFO STREAM, Redis 7.0). */
export interface StreamState {
  /** Stream id of the first entry it has; `undefined` when it has none. */
  readonly firstId: string | undefined;
  /** The last stream id it has given. */
  readonly lastId: string;
  /** Entries ever added. */
  readonly added: number;
  /** Entries it no longer has. */
  readonly removed: number;
  /** The highest stream id that was deleted on its own (XDEL), which no trimming counts. */
  readonly maxDeletedId: string;
}

/** A stream whose key is missing. */
export const NO_STREAM: StreamState = {
  firstId: undefined,
  lastId: STREAM_START,
  added: 0,
  removed: 0,
  maxDeletedId: STREAM_START,
};

/** What to read of a stream. */
export interface StreamRange {
  /** Stream id to begin with; `(` before it: behind it. */
  readonly from: string;
  readonly to: string;
  /** Newest first, from the higher id to the lower. @default false */
  readonly isReverse?: boolean;
  /** Entries at most. */
  readonly count: number;
}

/** One read of a stream. */
export interface StreamRead {
  /** What the stream was right before. */
  readonly state: StreamState;
  readonly entries: StreamReply;
  /** The range holds no more. */
  readonly isAll: boolean;
}

/** Bytes of entries after which one call reads no more: some 2 ms of Redis 7.0. */
const MAX_CALL_BYTES = 1_000_000;
const READ_SCRIPT = redisScript(READ_STREAM_LUA);

/**
 * Reads a part of the stream at `key`, and its state with it: nobody's command comes between. It may be less than was asked
 * for where entries are large, but one entry at least; a missing key is an empty stream.
 *
 * @throws what Redis replies.
 */
export async function readStream(
  redis: Redis,
  key: string,
  { from, to, count, isReverse = false }: StreamRange,
): Promise<StreamRead> {
  const args = [isReverse ? 'XREVRANGE' : 'XRANGE', from, to, count, MAX_CALL_BYTES];
  const [info, entries, isAll] = (await runScript(redis, READ_SCRIPT, [key], args)) as ReadReply;
  return { state: info.length === 0 ? NO_STREAM : parseState(info), entries, isAll: isAll === 1 };
}

type ReadReply = [info: unknown[], entries: StreamReply, isAll: number];

function parseState(reply: readonly unknown[]): StreamState {
  const field = (name: string) => reply[reply.indexOf(name) + 1];
  const first = field('first-entry') as [string, unknown] | null;
  const added = Number(field('entries-added'));
  return {
    firstId: first?.[0],
    lastId: String(field('last-generated-id')),
    added,
    removed: added - Number(field('length')),
    maxDeletedId: String(field('max-deleted-entry-id')),
  };
}
