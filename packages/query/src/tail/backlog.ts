import type { Entry } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { Follower } from './follower.js';
import { ReadStep } from './read-step.js';
import { compareStreamIds, entryEvent, type StreamReply } from './stream-entry.js';
import { StreamPlace } from './stream-place.js';
import type { ReaderPlace } from './stream-reader.js';
import { withStreamState } from './stream-state.js';
import type { EntryEvent, MissedEvent, TailEvent } from './tail-event.js';

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

/** Letters of the last entries a follower begins with: of what is older it is only told how much there is. */
const MAX_LAST_LENGTH = 16_777_216;
const RETRY_DELAY_MS = 250;
/** The reader is about to come as far as a follower is that was elsewhere before. */
const READER_DELAY_MS = 20;
/** Events given out at once, and letters past which no further one is. */
const PIECE_COUNT = 200;
const PIECE_LENGTH = 262_144;

/**
 * Everything wanted after the stream id `after`, up to where the reader is at the end, when the follower joins it: no
 * gap and no repeat. While Redis is away pieces say so or are empty.
 */
export async function* readAfter(options: BacklogOptions, after: string): AsyncGenerator<TailEvent[], void> {
  const { redis, key, follower, reader } = options;
  const place = new StreamPlace(after);
  const step = new ReadStep();
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
    const asked = step.count;
    const read = await withStreamState<StreamReply>(redis.pipeline(), key, (pipeline) =>
      pipeline.xrange(key, `(${place.position}`, end, 'COUNT', asked),
    ).catch(() => undefined);
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
      yield* piecesOf(eventsOf(read.reply), options);
      step.learn(read.reply);
      const isAll = read.reply.length < asked;
      place.advance(isAll ? end : (read.reply.at(-1)?.[0] as string), read.reply.length);
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
  const step = new ReadStep();
  const last: EntryEvent[] = [];
  let length = 0;
  let missed: MissedEvent | undefined;
  collect(newestFirst);
  let before = after;
  let isAtStart = false;
  while (isWanting() && !isAtStart && !follower.ended) {
    try {
      const asked = step.count;
      const reply = (await redis.xrevrange(key, before, '-', 'COUNT', asked)) as StreamReply;
      collect(eventsOf(reply));
      step.learn(reply);
      isAtStart = reply.length < asked;
      before = `(${reply.at(-1)?.[0]}`;
    } catch {
      await follower.wait(RETRY_DELAY_MS);
      yield follower.take();
    }
  }
  if (missed !== undefined) yield [missed];
  yield* piecesOf(last.reverse(), options);
  yield* readAfter(options, position);

  function isWanting(): boolean {
    return last.length + (missed?.count ?? 0) < count;
  }

  function collect(events: readonly EntryEvent[]): void {
    for (const event of events) {
      if (!isWanting()) return;
      if (!wants(event.entry)) continue;
      length += event.size;
      if (missed === undefined && (length <= MAX_LAST_LENGTH || last.length === 0)) last.push(event);
      else missed = withOlder(missed, event.streamId);
    }
  }
}

function withOlder(missed: MissedEvent | undefined, streamId: string): MissedEvent {
  const { count, lastId } = missed ?? { count: 0, lastId: streamId };
  return { type: 'missed', count: count + 1, firstId: streamId, lastId };
}

function eventsOf(reply: StreamReply): EntryEvent[] {
  return reply.map(entryEvent).filter((event) => event !== undefined);
}

/** What is wanted of some entries, some at a time; at least one piece, so that others get their turn. */
function* piecesOf(events: readonly EntryEvent[], { wants }: BacklogOptions): Generator<TailEvent[]> {
  const wanted = events.filter(({ entry }) => wants(entry));
  do {
    let size = 0;
    const end = wanted.findIndex((event, i) => {
      size += event.size;
      return i === PIECE_COUNT || (i > 0 && size > PIECE_LENGTH);
    });
    yield wanted.splice(0, end < 0 ? wanted.length : end);
  } while (wanted.length > 0);
}
