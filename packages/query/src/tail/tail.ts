import { type Filter, isEventId, isStreamId, type Keyspace, MAX_LAST } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { type CompiledFilter, compileFilter } from '../filter/compile-filter.js';
import { readAfter, readLast } from './backlog.js';
import { Follower } from './follower.js';
import { type ReaderPlace, StreamReader } from './stream-reader.js';
import type { TailEvent } from './tail-event.js';

/** What to follow. */
export interface FollowRequest {
  readonly filter: Filter | CompiledFilter;
  /**
   * Id of the last event already seen. One of another kind of store, as after a move to a cluster, begins with a gap.
   * @default from now on
   */
  readonly after?: string | undefined;
  /** Begin with so many of the last matches in the stream, at most {@link MAX_LAST}; not together with `after`. */
  readonly last?: number | undefined;
}

/** Follows entries as they are written. */
export interface Tail {
  /**
   * Every match in the order it was stored, each once. Resolves when the place to begin is fixed: what is stored
   * from then on will come. It ends with {@link Following.leave}.
   *
   * @throws RangeError for an invalid stream id or number of entries; {@link TooManyFollowersError}; KeyConflictError
   * where the stream is a key of somebody else; what the connection throws when Redis is away at the start.
   */
  follow(request: FollowRequest): Promise<Following>;
  /** How many follow now. */
  readonly followers: number;
  /** Ends every following. */
  close(): void;
}

/** One reader of the tail. Whoever reads too slowly is told how many matches it missed, and slows nobody. */
export interface Following {
  /**
   * What has come since the last call, in order, waiting for the first of it; nothing when nothing has come for so long;
   * `undefined` at the end. One call at a time.
   */
  next(waitMs: number): Promise<readonly TailEvent[] | undefined>;
  /** Id up to which all was given out: whoever comes back with it as `after` goes on without gap or repeat. */
  readonly position: string | undefined;
  /** Everything that was there at the beginning has been given out. */
  readonly isLive: boolean;
  /** Ends it at once and frees all it holds. */
  leave(): void;
}

/** What a tail works with. */
export interface TailOptions {
  /** For reads that do not block. */
  readonly redis: Redis;
  /**
   * Opens the one connection that blocks, for 2 s at a time; it is closed when the last follower has gone. It must
   * reconnect by itself, and fail commands that got no answer rather than keep them.
   */
  readonly connect: () => Redis;
  readonly keyspace: Keyspace;
  /** How far a follower may be behind, in UTF-16 code units of JSON and 512 for each entry. @default 16,777,216 */
  readonly maxBufferedSize?: number;
}

const DEFAULT_MAX_BUFFERED_SIZE = 16_777_216;

/** Makes a tail of one keyspace's stream. It connects when the first follower comes. */
export function createTail(options: TailOptions): Tail {
  const { redis, connect, keyspace } = options;
  const { maxBufferedSize = DEFAULT_MAX_BUFFERED_SIZE } = options;
  const key = keyspace.stream();
  const reader = new StreamReader({ redis, connect, key });

  return {
    async follow(request) {
      checkFollow(request);
      const filter = compileFilter(request.filter);
      const follower = new Follower(maxBufferedSize, () => reader.available);
      const leave = () => {
        follower.end();
        reader.remove(follower, filter);
      };
      try {
        const place = await reader.add(follower);
        return following(follower, { ...request, filter }, place, leave);
      } catch (error) {
        leave();
        throw error;
      }
    },
    get followers() {
      return reader.size;
    },
    close: () => reader.endAll(),
  };

  function following(
    follower: Follower,
    { filter, after, last }: FollowRequest & { readonly filter: CompiledFilter },
    place: ReaderPlace,
    leave: () => void,
  ): Following {
    const join = () => reader.join(follower, filter);
    const source = { redis, key, follower, wants: filter.matches, reader: place, join };
    let backlog = backlogOf();
    let given: string | undefined;
    if (backlog === undefined) join();
    return {
      async next(waitMs) {
        const events = (await nextOfBacklog()) ?? (await nextLive(waitMs));
        for (const event of events) given = streamIdOf(event) ?? given;
        return follower.ended ? undefined : events;
      },
      get position() {
        return backlog === undefined && follower.isEmpty ? place.position : given;
      },
      get isLive() {
        return backlog === undefined;
      },
      leave,
    };

    function backlogOf() {
      if (after !== undefined) return isStreamId(after) ? readAfter(source, after) : elsewhere(after, join);
      return last === undefined ? undefined : readLast(source, last);
    }

    async function nextOfBacklog(): Promise<TailEvent[] | undefined> {
      const piece = await backlog?.next();
      if (piece?.done === false) return piece.value;
      backlog = undefined;
      return undefined;
    }

    async function nextLive(waitMs: number): Promise<TailEvent[]> {
      if (!follower.hasNews) await follower.wait(waitMs);
      return follower.take();
    }
  }
}

/** What came after an event of another store, nobody knows. */
async function* elsewhere(after: string, join: () => void): AsyncGenerator<TailEvent[], void> {
  yield [{ type: 'gap', reason: 'restarted', after, next: null, entries: null }];
  join();
}

/** @throws RangeError naming the value and what is allowed. */
export function checkFollow({ after, last }: FollowRequest): void {
  if (after !== undefined && !isEventId(after)) {
    throw new RangeError(`after is "${after}"; allowed: the id of an event, such as 1705314645123-0`);
  }
  if (last !== undefined && !(Number.isInteger(last) && last >= 0 && last <= MAX_LAST)) {
    throw new RangeError(`last is ${last}; allowed: a whole number from 0 to ${MAX_LAST}`);
  }
}

function streamIdOf(event: TailEvent): string | undefined {
  if (event.type === 'entry') return event.streamId;
  return event.type === 'missed' ? event.lastId : undefined;
}
