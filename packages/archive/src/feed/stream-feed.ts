import { compareStreamIds, parseStreamEntry, readStream, STREAM_START } from '@tailrace/query';
import type { Entry } from '@tailrace/schema';
import type { Redis } from 'ioredis';

/** One entry of the stream, with its text there. */
export interface FedEntry {
  readonly streamId: string;
  readonly json: string;
  readonly entry: Entry;
}

/** Where the feed is. */
export interface FeedPlace {
  /** Stream id of the last entry read. */
  readonly position: string;
  /** Entries the stream had been given up to there. */
  readonly added: number;
}

/** @see createStreamFeed */
export interface StreamFeedOptions {
  readonly redis: Redis;
  /** Key of the stream. */
  readonly key: string;
  readonly from: FeedPlace;
  /** Takes what was read, in order. The next is read when it has resolved. */
  readonly take: (entries: readonly FedEntry[], place: FeedPlace) => Promise<void>;
  /** Entries were trimmed from the stream before they were read. */
  readonly onGap: () => void;
  /** The stream is another one: what Redis had is lost. */
  readonly onLost: () => Promise<void>;
}

/** Reads the stream to its end, again and again. */
export interface StreamFeed {
  /** Resolves when everything has been taken that was in the stream when it was called. */
  catchUp(): Promise<void>;
}

const COUNT = 2_000;

/** Reads every entry of the stream once, in order, from a place on. It does nothing until it is asked. */
export function createStreamFeed(options: StreamFeedOptions): StreamFeed {
  const { redis, key, take, onGap, onLost } = options;
  let place = options.from;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    const run = readToEnd().finally(() => {
      if (running === run) running = undefined;
    });
    running = run;
    return run;
  }

  async function readToEnd(): Promise<void> {
    for (;;) {
      const { state, entries, isAll } = await readStream(redis, key, {
        from: `(${place.position}`,
        to: '+',
        count: COUNT,
      });
      const isOther = state.added < place.added || compareStreamIds(state.lastId, place.position) < 0;
      if (isOther && place.position !== STREAM_START) {
        await onLost();
        place = { position: STREAM_START, added: 0 };
        continue;
      }
      const last = entries.at(-1)?.[0] ?? place.position;
      const added = isAll ? state.added : place.added + entries.length;
      if (isAll && state.added > place.added + entries.length) onGap();
      const reached = { position: last, added };
      await take(entries.flatMap(fedEntry), reached);
      // Not before they are taken: what could not be is read again.
      place = reached;
      if (isAll) return;
    }
  }

  return {
    catchUp() {
      if (running === undefined) return start();
      // What is being read now may have been asked for before the caller's entry was there.
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return start();
        });
      return next;
    },
  };
}

function fedEntry([streamId, fields]: readonly [string, readonly string[]]): FedEntry[] {
  const entry = parseStreamEntry(fields);
  const json = fields[fields.indexOf('data') + 1];
  return entry === undefined || json === undefined ? [] : [{ streamId, json, entry }];
}
