import { OneAtATime } from './one-at-a-time.js';
import type { Segment } from './segment.js';
import type { SpoolDirectory } from './spool-directory.js';
import { SpoolReader } from './spool-reader.js';
import type { SpooledChunk } from './spooled-chunk.js';

/** The spool of a writer that is gone, owned by this process now. It is only read, and removed when it is through. */
export class AdoptedSpool {
  /** The writer that is gone: its chunks are sent under its id, with their own numbers. */
  readonly writerId: string;
  readonly #directory: SpoolDirectory;
  readonly #segments: Segment[];
  readonly #reader: SpoolReader;
  readonly #tasks = new OneAtATime();

  constructor(writerId: string, directory: SpoolDirectory, segments: Segment[]) {
    this.writerId = writerId;
    this.#directory = directory;
    this.#segments = segments;
    this.#reader = new SpoolReader(directory, segments, () => undefined);
  }

  /** Entries not removed yet. */
  get entries(): number {
    return this.#reader.entries;
  }

  /** Bytes of the files. */
  get bytes(): number {
    return this.#reader.bytes;
  }

  /** Torn and damaged records that reading has skipped; how many entries were in them is not known. */
  get damagedRecords(): number {
    return this.#reader.damagedRecords;
  }

  /** Entries known to have been in it that cannot be stored; they are no longer among {@link entries}. */
  get lostEntries(): number {
    return this.#reader.lostEntries;
  }

  /** What was wrong with the one of them left out last, although its record is whole; each is told once. */
  takeFault(): string | undefined {
    return this.#reader.takeFault();
  }

  /**
   * The oldest call that was not removed; the same one until {@link removeOldest}. `undefined` at the end, also when
   * another process took the spool because this one had stood still for too long.
   *
   * @throws what the file system says; the spool is as before then.
   */
  peek(): Promise<SpooledChunk | undefined> {
    return this.#tasks.run(async () => {
      const chunk = await this.#reader.peek();
      if (chunk === undefined) await this.#directory.remove();
      return chunk;
    });
  }

  /** Removes the chunk peeked last, which was applied. */
  removeOldest(): Promise<void> {
    return this.#tasks.run(async () => {
      await this.#reader.removeOldest();
      if (this.#segments.length === 0) await this.#directory.remove();
    });
  }

  /** Leaves what is left to the next process. */
  close(): Promise<void> {
    return this.#tasks.run(() => this.#directory.release());
  }

  /** As {@link close}, for a process that ends. */
  closeSync(): void {
    this.#directory.releaseSync();
  }
}
