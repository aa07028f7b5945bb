import type { Entry } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { Follower } from './follower.js';
import { compareStreamIds, entryEvent, type StreamReply } from './stream-entry.js';
import { StreamPlace } from './stream-place.js';
import type { ReaderPlace } from './stream-reader.js';
import { readStream } from './stream-state.js';
import type { EntryEvent, TailEvent } from './tail-event.js';

/** Where and for whom entries are read that are in the stream already. */
export interface BacklogOptions {
  readonly redis: Redis;
  readonly key: string;
  readonly follower: Follower;
  readonly wants: (entry: Entry) => boolean;
  readonly reader: ReaderPlace;
  /** From this call on the follower gets what the reader reads. */
  readonly join: () => void;
}

/** Entries read at once: about 1 ms of Redis. */
const READ_COUNT = 500;
const RETRY_DELAY_MS = 250;
/** A follower that comes from another gateway may be a little ahead of this reader. */
const READER_DELAY_MS = 20;
/** Events given out at once. */
const PIECE_COUNT = 200;

/**
 * Everything wanted after the stream id `after`, up to where the reader is at the end, when the follower joins it: no
 * gap and no repeat. While Redis is away pieces say so or are empty.
 */
export async function* readAfter(options: BacklogOptions, after: string): AsyncGenerator<TailEvent[], void> {
  const { redis, key, follower, reader } = options;
  const place = new StreamPlace(after);
  while (!follower.ended) {
    const end = reader.position;
    const order = compareStreamIds(place.position, end);
    // Nothing is awaited between this comparison and the joining.
    if (order === 0) return options.join();
    const recent = order < 0 ? reader.recent.after(place.position) : undefined;
    if (recent !== undefined) {
      yield* piecesOf(recent, options);
      place.advance(end, recent.length);
      continue;
    }
    const range = { from: `(${place.position}`, to: end, count: READ_COUNT };
    const read = await readStream(redis, key, range).catch(() => undefined);
    if (read === undefined) {
      await follower.wait(RETRY_DELAY_MS);
      yield follower.take();
      continue;
    }
    const { position } = place;
    const gap = place.check(read.state);
    if (gap !== undefined) yield [gap];
    if (order > 0 || compareStreamIds(end, read.state.lastId) > 0) {
      await follower.wait(READER_DELAY_MS);
      yield follower.take();
    } else if (place.position === position) {
      const { entries, isAll } = read;
      yield* piecesOf(eventsOf(entries), options);
      place.advance(isAll ? end : (entries.at(-1)?.[0] as string), entries.length);
    }
  }
}

/**
 * The last `count` entries that are wanted, as far back as the stream reaches, and then everything after them. Which is
 * the last of all is fixed with this call.
 */
export function readLast(options: BacklogOptions, count: number): AsyncGenerator<TailEvent[], void> {
  const { position, recent } = options.reader;
  const { after, events } = recent.all;
  return readBefore(options, count, { position, after, newestFirst: events.toReversed() });
}

/** Where the reader was: at `position`, with all entries behind `after`. */
interface ReaderView {
  readonly position: string;
  readonly after: string;
  readonly newestFirst: readonly EntryEvent[];
}

async function* readBefore(
  options: BacklogOptions,
  count: number,
  { position, after, newestFirst }: ReaderView,
): AsyncGenerator<TailEvent[], void> {
  const { redis, key, follower, wants } = options;
  const last: EntryEvent[] = [];
  collect(newestFirst);
  let before = after;
  let isAtStart = false;
  while (last.length < count && !isAtStart && !follower.ended) {
    try {
      const range = { from: before, to: '-', isReverse: true, count: READ_COUNT };
      const { entries, isAll } = await readStream(redis, key, range);
      collect(eventsOf(entries));
      isAtStart = isAll;
      before = `(${entries.at(-1)?.[0]}`;
      // Parsing a megabyte keeps the event loop, so others get a turn between two calls.
      await new Promise(setImmediate);
    } catch {
      await follower.wait(RETRY_DELAY_MS);
      yield follower.take();
    }
  }
  yield* piecesOf(last.reverse(), options);
  yield* readAfter(options, position);

  function collect(events: readonly EntryEvent[]): void {
    for (const event of events) if (last.length < count && wants(event.entry)) last.push(event);
  }
}

function eventsOf(reply: StreamReply): EntryEvent[] {
  return reply.map(entryEvent).filter((event) => event !== undefined);
}

/** What is wanted of some entries, some at a time; at least one piece, so that others get their turn. */
function* piecesOf(events: readonly EntryEvent[], { wants }: BacklogOptions): Generator<TailEvent[]> {
  const wanted = events.filter(({ entry }) => wants(entry));
  do {
    yield wanted.splice(0, PIECE_COUNT);
  } while (wanted.length > 0);
}
