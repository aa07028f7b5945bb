import { compileFilter } from '../filter/compile-filter.js';
import { STREAM_START } from '../tail/stream-entry.js';
import { checkFollow, type Following, type FollowRequest, type Tail } from '../tail/tail.js';
import type { EntryEvent, TailEvent } from '../tail/tail-event.js';
import { ShardEvents } from './shard-events.js';
import { eventId, positionsOf } from './shard-positions.js';

/** A quiet shard delays nobody by more than this. */
const HOLD_MS = 50;
/** How long one question to a shard waits. */
const WAIT_MS = 1_000;
/** What may wait here of one shard before no more is taken; the rest waits where it is counted and bounded. */
const MAX_WAITING = 500;
const MAX_WAITING_SIZE = 65_536;

/**
 * Follows all shards of a cluster as one. The id of an event says how far every shard was given out, so a follower that comes
 * back goes on exactly.
 *
 * @param tails of the shards, in the order of their numbers
 */
export function createShardedTail(tails: readonly Tail[]): Tail {
  const followings = new Set<ShardedFollowing>();
  return {
    async follow(request) {
      checkFollow(request);
      const following = await ShardedFollowing.begin(tails, request, (ended) => followings.delete(ended));
      followings.add(following);
      return following;
    },
    get followers() {
      return followings.size;
    },
    close() {
      for (const tail of tails) tail.close();
    },
  };
}

class ShardedFollowing implements Following {
  readonly #followings: readonly Following[];
  readonly #events: ShardEvents;
  /** Stream ids up to which all of each shard was given out. */
  readonly #given: string[];
  /** Stream ids up to which all of each shard is here, or was given out. */
  readonly #reached: (string | undefined)[] = [];
  readonly #away = new Set<number>();
  readonly #onEnd: (following: ShardedFollowing) => void;
  /** What is given out before anything else. */
  #first: TailEvent[];
  #wake: (() => void) | undefined;
  #hasRoom: (() => void)[] = [];
  #isEnded = false;

  static async begin(
    tails: readonly Tail[],
    { after, last, ...given }: FollowRequest,
    onEnd: (following: ShardedFollowing) => void,
  ): Promise<ShardedFollowing> {
    const filter = compileFilter(given.filter);
    const positions = after === undefined ? undefined : positionsOf(after, tails.length);
    const settled = await Promise.allSettled(
      tails.map((tail, shard) =>
        tail.follow({ filter, ...(positions === undefined ? { last } : { after: positions[shard] }) }),
      ),
    );
    const followings = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed !== undefined) {
      for (const following of followings) following.leave();
      throw failed.reason;
    }
    const first: TailEvent[] =
      after !== undefined && positions === undefined
        ? [{ type: 'gap', reason: 'restarted', after, next: null, entries: null }]
        : [];
    const following = new ShardedFollowing(followings, positions, first, onEnd);
    if (last !== undefined && last > 0) await following.#readLast(last);
    for (const shard of tails.keys()) void following.#pump(shard);
    return following;
  }

  private constructor(
    followings: readonly Following[],
    positions: readonly string[] | undefined,
    first: TailEvent[],
    onEnd: (following: ShardedFollowing) => void,
  ) {
    this.#followings = followings;
    this.#events = new ShardEvents(followings.length, HOLD_MS);
    this.#given = followings.map(({ position }, shard) => positions?.[shard] ?? position ?? STREAM_START);
    this.#first = first;
    this.#onEnd = onEnd;
  }

  async next(waitMs: number): Promise<readonly TailEvent[] | undefined> {
    const until = performance.now() + waitMs;
    for (;;) {
      if (this.#isEnded) return undefined;
      const events = this.#take();
      const now = performance.now();
      if (events.length > 0 || now >= until) return events;
      await this.#sleep(Math.min(until - now, this.#events.dueIn(now) ?? waitMs));
    }
  }

  get position(): string | undefined {
    if (this.#first.length > 0) return undefined;
    const positions = this.#positions();
    return eventId(newestOf(positions), positions);
  }

  get isLive(): boolean {
    return this.#followings.every(({ isLive }) => isLive);
  }

  leave(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const following of this.#followings) following.leave();
    this.#onEnd(this);
    this.#wake?.();
    for (const go of this.#hasRoom.splice(0)) go();
  }

  /** The last of all shards together: of each as many are read, since all may be of one. */
  async #readLast(count: number): Promise<void> {
    const found: { readonly shard: number; readonly event: EntryEvent }[] = [];
    await Promise.all(
      this.#followings.map(async (following, shard) => {
        while (!following.isLive && !this.#isEnded) {
          for (const event of (await following.next(WAIT_MS)) ?? [])
            if (event.type === 'entry') found.push({ shard, event });
        }
      }),
    );
    const order = new ShardEvents(this.#followings.length, 0);
    for (const { shard, event } of found) order.add(shard, [event], 0);
    const sorted: EntryEvent[] = [];
    for (let one = order.next(1); one !== undefined; one = order.next(1)) {
      this.#given[one.shard] = (one.event as EntryEvent).streamId;
      sorted.push({ ...(one.event as EntryEvent), streamId: this.#idOf(one.event as EntryEvent) });
    }
    this.#first.push(...sorted.slice(-count));
  }

  /** Brings what comes of one shard, as long as there is room for it. */
  async #pump(shard: number): Promise<void> {
    const following = this.#followings[shard] as Following;
    try {
      while (!this.#isEnded) {
        const events = await following.next(WAIT_MS);
        if (events === undefined) return this.leave();
        this.#events.add(shard, events, performance.now());
        // In the same turn: the next one may bring more than is here.
        this.#reached[shard] = following.position;
        if (events.length > 0) this.#wake?.();
        while (this.#isFull(shard) && !this.#isEnded)
          await new Promise<void>((resolve) => this.#hasRoom.push(resolve));
      }
    } catch {
      this.leave();
    }
  }

  #isFull(shard: number): boolean {
    return this.#events.waiting(shard) > MAX_WAITING || this.#events.size(shard) > MAX_WAITING_SIZE;
  }

  #take(): TailEvent[] {
    const taken = this.#first;
    this.#first = [];
    const now = performance.now();
    while (taken.length < MAX_WAITING) {
      const next = this.#events.next(now);
      if (next === undefined) break;
      const event = this.#shown(next.shard, next.event);
      if (event !== undefined) taken.push(event);
    }
    for (const go of this.#hasRoom.splice(0)) go();
    return taken;
  }

  /** What a follower is told of an event of one shard. */
  #shown(shard: number, event: TailEvent): TailEvent | undefined {
    if (event.type === 'status') return this.#statusOf(shard, event.available);
    if (event.type === 'gap') return event;
    if (event.type === 'missed') {
      this.#given[shard] = event.lastId;
      return { ...event, lastId: eventId(event.lastId, this.#positions()) };
    }
    this.#given[shard] = event.streamId;
    return { ...event, streamId: this.#idOf(event) };
  }

  #idOf({ streamId }: EntryEvent): string {
    return eventId(streamId, this.#positions());
  }

  /** A shard of which nothing waits has been given out as far as it was read. */
  #positions(): readonly string[] {
    for (const [shard, reached] of this.#reached.entries())
      if (reached !== undefined && this.#events.waiting(shard) === 0) this.#given[shard] = reached;
    return this.#given;
  }

  /** The cluster is there when each of its shards is. */
  #statusOf(shard: number, available: boolean): TailEvent | undefined {
    const wasAway = this.#away.size > 0;
    if (available) this.#away.delete(shard);
    else this.#away.add(shard);
    const isAway = this.#away.size > 0;
    return wasAway === isAway ? undefined : { type: 'status', available: !isAway };
  }

  async #sleep(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }
}

/** The latest time of all shards, which readers are shown. */
function newestOf(streamIds: readonly string[]): string {
  return streamIds.reduce((newest, id) =>
    Number(id.split('-')[0]) > Number(newest.split('-')[0]) ? id : newest,
  );
}
