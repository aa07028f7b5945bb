import type { Filter, Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { Follower, type TailEvent } from './follower.js';
import { matchesFilter } from './matches-filter.js';
import { compareStreamIds, isStreamId, parseStreamEntry, type StreamReply } from './stream-entry.js';
import { StreamReader } from './stream-reader.js';

/** What to follow. */
export interface FollowRequest {
  readonly filter: Filter;
  /** Stream id of the last entry already seen. @default from now on */
  readonly after?: string | undefined;
  /** Ends the iteration, and frees all it holds also when nothing iterates. */
  readonly signal: AbortSignal;
}

/** Follows entries as they are written. */
export interface Tail {
  /**
   * Every match in the order it was stored, each once. Resolves when the place to begin is fixed: what is stored
   * from then on will come. Whoever iterates too slowly is told how many matches it missed, and slows nobody.
   *
   * @throws RangeError when `after` is no stream id; what the connection throws when Redis is away at the start.
   */
  follow(request: FollowRequest): Promise<AsyncIterable<TailEvent>>;
  /** How many follow now. */
  readonly followers: number;
}

/** What a tail works with. */
export interface TailOptions {
  /** For reads that do not block. */
  readonly redis: Redis;
  /**
   * Opens the one connection that blocks, for 5 s at a time; it is closed when the last follower has gone. It must
   * reconnect by itself, and fail commands that got no answer rather than keep them.
   */
  readonly connect: () => Redis;
  readonly keyspace: Keyspace;
  /** Events a follower may be behind. @default 1000 */
  readonly maxBuffered?: number;
}

const DEFAULT_MAX_BUFFERED = 1_000;
/** Entries a resuming follower reads at once. */
const BACKLOG_COUNT = 200;

/** Makes a tail of one keyspace's stream. It connects when the first follower comes. */
export function createTail(options: TailOptions): Tail {
  const { redis, connect, keyspace, maxBuffered = DEFAULT_MAX_BUFFERED } = options;
  const key = keyspace.stream();
  const reader = new StreamReader({ redis, connect, key });

  /** Reads the stream from `after` up to where the reader is, and only then joins it: no gap and no repeat. */
  async function* resume(
    follower: Follower,
    after: string,
    reached: () => string,
  ): AsyncGenerator<TailEvent> {
    let position = after;
    while (!follower.ended && compareStreamIds(position, reached()) < 0) {
      const backlog = (await redis.xrange(key, `(${position}`, '+', 'COUNT', BACKLOG_COUNT)) as StreamReply;
      for (const [streamId, fields] of backlog) {
        const entry = parseStreamEntry(fields);
        if (entry !== undefined && follower.wants(entry)) yield { type: 'entry', streamId, entry };
      }
      const last = backlog.at(-1);
      if (last === undefined) break;
      position = last[0];
    }
    follower.goLive(position);
    yield* follower.events();
  }

  return {
    async follow({ filter, after, signal }) {
      if (after !== undefined && !isStreamId(after)) {
        throw new RangeError(`after is "${after}"; allowed: a stream id, such as 1705314645123-0`);
      }
      const follower = new Follower(matchesFilter(filter), maxBuffered);
      if (after === undefined) follower.goLive();
      const leave = () => {
        follower.end();
        reader.remove(follower);
        signal.removeEventListener('abort', leave);
      };
      signal.addEventListener('abort', leave);
      try {
        const reached = await reader.add(follower);
        if (signal.aborted) leave();
        return untilLeft(after === undefined ? follower.events() : resume(follower, after, reached), leave);
      } catch (error) {
        leave();
        throw error;
      }
    },
    get followers() {
      return reader.size;
    },
  };
}

async function* untilLeft(events: AsyncIterable<TailEvent>, leave: () => void): AsyncGenerator<TailEvent> {
  try {
    yield* events;
  } finally {
    leave();
  }
}
