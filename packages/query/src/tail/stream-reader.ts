import type { Redis } from 'ioredis';
import type { CompiledFilter } from '../filter/compile-filter.js';
import { replyOf } from '../key-conflict.js';
import type { Follower } from './follower.js';
import { FollowerGroups } from './follower-groups.js';
import { RecentEvents } from './recent-events.js';
import { entryEvent, type StreamReply } from './stream-entry.js';
import { StreamPlace } from './stream-place.js';
import { readStream } from './stream-state.js';
import type { EntryEvent, GapEvent } from './tail-event.js';

/** What a stream reader works with. */
export interface StreamReaderOptions {
  readonly redis: Redis;
  readonly connect: () => Redis;
  readonly key: string;
}

/** Entries one read brings at most. */
const READ_COUNT = 500;
/** Entries one XREAD brings: it knows no bound of bytes, so where there are more, a read that does goes on. */
const WAIT_COUNT = 50;
/** Entries that are looked at before the first follower, as far as one call reads: those that come back find them here. */
const RECENT_COUNT = 1_000;
/** Ids that are kept of what was given out before a failure. */
const GIVEN_COUNT = 4_096;
/** An XREAD ends after this without entries; one that takes longer than this and the grace has a dead connection. */
const BLOCK_MS = 2_000;
const GRACE_MS = 2_000;
const RETRY_DELAY_MS = 250;

/** The one connection that waits for new entries, for as long as there are followers. */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #followers = new Set<Follower>();
  readonly #groups = new FollowerGroups();
  #run: Promise<Run> | undefined;
  #available = true;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
  }

  /** How many follow. */
  get size(): number {
    return this.#followers.size;
  }

  /** Whether Redis answered last time. */
  get available(): boolean {
    return this.#available;
  }

  /**
   * Counts a follower in, which gets nothing yet; the first one makes the reader begin at the end of the stream.
   *
   * @throws when Redis is away at the beginning; the follower must then be removed.
   */
  async add(follower: Follower): Promise<ReaderPlace> {
    this.#followers.add(follower);
    this.#run ??= this.#begin();
    return this.#run;
  }

  /** Every entry behind the reader's present place comes to `follower` if its filter wants it, and every gap. */
  join(follower: Follower, filter: CompiledFilter): void {
    if (this.#followers.has(follower)) this.#groups.add(follower, filter);
  }

  /** Ends the reader with its last follower. */
  remove(follower: Follower, filter: CompiledFilter): void {
    this.#groups.remove(follower, filter);
    if (this.#followers.delete(follower) && this.#followers.size === 0) this.#stop();
  }

  /** Ends every follower, and the reader with them. */
  endAll(): void {
    for (const follower of this.#followers) follower.end();
    this.#followers.clear();
    this.#groups.clear();
    this.#stop();
  }

  #stop(): void {
    void this.#run?.then((run) => run.stop()).catch(() => {});
    this.#run = undefined;
    this.#available = true;
  }

  /** The place is looked up once and then a concrete id for good: `$` would skip what comes between two reads. */
  async #begin(): Promise<Run> {
    const { redis, connect, key } = this.#options;
    const range = { from: '+', to: '-', isReverse: true, count: RECENT_COUNT };
    const { state, entries } = await replyOf(key, 'stream', readStream(redis, key, range));
    const place = new StreamPlace(state.lastId);
    place.check(state);
    const run = new Run(connect(), key, place, new RecentEvents(entries.at(-1)?.[0] ?? state.lastId));
    for (const entry of entries.reverse().slice(1)) run.remember(entryEvent(entry));
    void this.#read(run);
    return run;
  }

  async #read(run: Run): Promise<void> {
    while (!run.stopped) {
      try {
        const { gap, entries } = await run.read();
        if (run.stopped) return;
        this.#tellStatus(run, true);
        if (gap !== undefined) for (const follower of this.#groups.followers()) follower.offerGap(gap);
        for (const entry of entries) {
          const event = entryEvent(entry);
          run.remember(event);
          if (event !== undefined && !run.wasGiven(event)) this.#groups.offer(event);
          run.place.advance(entry[0], 1);
        }
      } catch {
        this.#tellStatus(run, false);
        await run.recover();
      }
    }
  }

  #tellStatus({ stopped }: Run, available: boolean): void {
    if (stopped || this.#available === available) return;
    this.#available = available;
    for (const follower of this.#followers) follower.wake();
  }
}

/** Where the reader is. */
export interface ReaderPlace {
  /** Stream id of the last entry it has given out. */
  readonly position: string;
  /** The last entries it has given out. */
  readonly recent: RecentEvents;
}

/** What one read brought. */
interface Read {
  readonly gap: GapEvent | undefined;
  readonly entries: StreamReply;
  /** The stream had no more. */
  readonly isAll: boolean;
}

/** The reader's connection and place from its first follower to its last. */
class Run implements ReaderPlace {
  stopped = false;
  readonly place: StreamPlace;
  readonly recent: RecentEvents;
  readonly #connection: Redis;
  readonly #key: string;
  /** The next read looks at the state of the stream first, and does not wait. */
  #isCheckDue = false;
  /** Ids of entries given out before the last failure: a promoted replica may be given again what its master had. */
  readonly #given = new Set<string>();

  constructor(connection: Redis, key: string, place: StreamPlace, recent: RecentEvents) {
    this.#connection = connection;
    this.#key = key;
    this.place = place;
    this.recent = recent;
  }

  get position(): string {
    return this.place.position;
  }

  remember(event: EntryEvent | undefined): void {
    if (event !== undefined) this.recent.add(event);
  }

  /** Whether an entry was given out under another stream id, on a master that is lost. */
  wasGiven({ entry }: EntryEvent): boolean {
    return this.#given.has(entry.id);
  }

  /**
   * A check comes when the stream may not be what it was: after a failure, in a silence, when falling behind, and with
   * the first entry of all.
   */
  async read(): Promise<Read> {
    const isCheck = this.#isCheckDue;
    const read = await inTime(isCheck ? this.#checkAndRead() : this.#waitAndRead());
    const count = read.entries.length;
    this.#isCheckDue = !read.isAll || (count === 0 ? !isCheck : this.place.isOfEmptyStream);
    return read;
  }

  async #waitAndRead(): Promise<Read> {
    const reply = await this.#connection.xread(
      'COUNT',
      WAIT_COUNT,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      this.#key,
      this.position,
    );
    const entries = (reply?.[0]?.[1] ?? []) as StreamReply;
    return { gap: undefined, entries, isAll: entries.length < WAIT_COUNT };
  }

  async #checkAndRead(): Promise<Read> {
    const range = { from: `(${this.position}`, to: '+', count: READ_COUNT };
    const { state, entries, isAll } = await readStream(this.#connection, this.#key, range);
    const before = this.position;
    const gap = this.place.check(state);
    if (gap !== undefined) this.recent.restart(this.position);
    // The place has moved, so this was read from the wrong one.
    const isHere = this.position === before;
    return { gap, entries: isHere ? entries : [], isAll: isHere && isAll };
  }

  /** After a failure: a connection that only seems to be up is made anew, from the same place. */
  async recover(): Promise<void> {
    if (this.stopped) return;
    this.#isCheckDue = true;
    this.#keepGiven();
    const { status } = this.#connection;
    if (status === 'ready') this.#connection.disconnect(true);
    else if (status === 'end') void this.#connection.connect().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
  }

  /** The stream ids of what was read may be gone, so nobody finds it here any more. */
  #keepGiven(): void {
    for (const { entry } of this.recent.all.events) this.#given.add(entry.id);
    for (const id of this.#given) {
      if (this.#given.size <= GIVEN_COUNT) break;
      this.#given.delete(id);
    }
    this.recent.restart(this.position);
  }

  stop(): void {
    this.stopped = true;
    this.#connection.disconnect();
  }
}

async function inTime<Reply>(reply: Promise<Reply>): Promise<Reply> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis does not answer')), BLOCK_MS + GRACE_MS);
  });
  try {
    return await Promise.race([reply, late]);
  } finally {
    clearTimeout(timer);
  }
}
