import type { Redis } from 'ioredis';
import type { Follower } from './follower.js';
import { parseStreamEntry, type StreamReply } from './stream-entry.js';

/** What a stream reader works with. */
export interface StreamReaderOptions {
  readonly redis: Redis;
  readonly connect: () => Redis;
  readonly key: string;
}

/** Entries one XREAD brings. */
const READ_COUNT = 500;
/** An XREAD ends after this without entries, so that a dead connection is noticed. */
const BLOCK_MS = 5_000;
const RETRY_DELAY_MS = 250;

/** The one connection that waits for new entries, for as long as there are followers. */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #followers = new Set<Follower>();
  #run: Promise<Run> | undefined;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
  }

  /** How many follow. */
  get size(): number {
    return this.#followers.size;
  }

  /**
   * Brings every entry behind the reader's present place to `follower`; the first one makes the reader begin at
   * the end of the stream.
   *
   * @returns a function that says how far the reader has come: the stream id of the last entry it has given out.
   * @throws when Redis is away at the beginning; the follower must then be removed.
   */
  async add(follower: Follower): Promise<() => string> {
    this.#followers.add(follower);
    this.#run ??= this.#begin();
    const run = await this.#run;
    return () => run.position;
  }

  /** Ends the reader with its last follower. */
  remove(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    void this.#run?.then((run) => run.stop()).catch(() => {});
    this.#run = undefined;
  }

  /** The place is looked up once and then a concrete id for good: `$` would skip what comes between two reads. */
  async #begin(): Promise<Run> {
    const { redis, connect, key } = this.#options;
    const [newest] = (await redis.xrevrange(key, '+', '-', 'COUNT', 1)) as StreamReply;
    const run = new Run(connect(), newest?.[0] ?? '0-0');
    void this.#read(run);
    return run;
  }

  async #read(run: Run): Promise<void> {
    while (!run.stopped) {
      try {
        for (const [streamId, fields] of await run.read(this.#options.key)) {
          const entry = parseStreamEntry(fields);
          if (entry !== undefined) for (const follower of this.#followers) follower.offer(streamId, entry);
          run.position = streamId;
        }
      } catch {
        await run.recover();
      }
    }
  }
}

/** The reader's connection and place from its first follower to its last. */
class Run {
  position: string;
  stopped = false;
  readonly #connection: Redis;

  constructor(connection: Redis, position: string) {
    this.#connection = connection;
    this.position = position;
  }

  async read(key: string): Promise<StreamReply> {
    const reply = await this.#connection.xread(
      'COUNT',
      READ_COUNT,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      key,
      this.position,
    );
    return (reply?.[0]?.[1] ?? []) as StreamReply;
  }

  /** After a failure: a connection that only seems to be up is made anew, from the same place. */
  async recover(): Promise<void> {
    if (this.stopped) return;
    if (this.#connection.status === 'ready') this.#connection.disconnect(true);
    await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
  }

  stop(): void {
    this.stopped = true;
    this.#connection.disconnect();
  }
}
