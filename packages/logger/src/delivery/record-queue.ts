import { LEVEL_NAMES, type Level } from '@tailrace/schema';
import type { LogRecord } from '@tailrace/writer';
import { BlockMemory } from './block-memory.js';
import { RecordLane } from './record-lane.js';

/** How much a queue holds, and who is told of what it gave up. */
export interface QueueOptions {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** Whether what waits is likely to wait for long. */
  readonly isAway: () => boolean;
  /** Told of records that gave way to one of a higher level. */
  readonly onShed: (count: number) => void;
  /** What waits in this queue and in those it shares its bounds with, of which it may have half. @default there are none */
  readonly load?: QueueLoad | undefined;
}

/** What waits in some queues together. */
export interface QueueLoad {
  entries: number;
  bytes: number;
}

/** What is nearly as much as a bound allows. */
const NEARLY = 0.75;
/** Up to so many bytes records wait as objects; what comes on top of it is packed. */
const UNPACKED_BYTES = 32 << 20;
/** The same while Redis is away. */
const UNPACKED_BYTES_AWAY = 2 << 20;

/**
 * Records in the order of their calls, bounded by number and by bytes. When it is full, the lowest levels give way:
 * ERROR, CRITICAL and AUDIT last; of one level, what waits stays and the new record does not get in.
 */
export class RecordQueue {
  readonly #options: QueueOptions;
  /** A lane for each level, the lowest first; each record has its number in the order of all calls. */
  readonly #lanes: readonly RecordLane[];
  readonly #load: QueueLoad;
  /** The part of the bounds that it may fill by itself. */
  readonly #share: number;
  #size = 0;
  #bytes = 0;
  #pushed = 0;
  /** Highest level that was refused or gave way since something was taken. */
  #refusedRank = -1;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#load = options.load ?? { entries: 0, bytes: 0 };
    this.#share = options.load === undefined ? 1 : 0.5;
    const memory = new BlockMemory();
    this.#lanes = LEVEL_NAMES.map(() => new RecordLane(memory));
  }

  get size(): number {
    return this.#size;
  }

  /** Records ever put in, which is the number of the newest. */
  get pushed(): number {
    return this.#pushed;
  }

  /** Number of the oldest record that waits; `Infinity` when none does. */
  get oldest(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes) if (lane.oldest < oldest) oldest = lane.oldest;
    return oldest;
  }

  /** About how many bytes the waiting records hold. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The lowest level that is about to be lost: of it and of higher ones nearly as much waits as may. `undefined` while there
   * is room for all.
   */
  get threatened(): Level | undefined {
    const { maxEntries, maxBytes } = this.#options;
    let [entries, bytes] = [0, 0];
    return LEVEL_NAMES.findLast((level) => {
      const lane = this.#lanes[RANKS[level]] as RecordLane;
      entries += lane.size;
      bytes += lane.bytes;
      return entries >= maxEntries * NEARLY || bytes >= maxBytes * NEARLY;
    });
  }

  /**
   * Whether one of that level is of no use: one as important was refused or gave way, and nothing was taken since. Who
   * asks first spares the garbage collector a record. V8 puts what is made where records mostly stay into the old space
   * right away, and there those that are dropped at once would pile up to several times the bound.
   */
  refuses(level: Level): boolean {
    return RANKS[level] <= this.#refusedRank;
  }

  /** @returns `false` when the queue is full of records at least as important: the record is not in it. */
  push(record: LogRecord, level: Level): boolean {
    const rank = RANKS[level];
    if (rank <= this.#refusedRank) return false;
    if (this.#isFull(record.bytes) && !this.#makeRoom(record.bytes, rank)) {
      this.#refusedRank = rank;
      return false;
    }
    const lane = this.#lanes[rank] as RecordLane;
    if (lane.push(record, ++this.#pushed) && this.#packs) lane.packNewest();
    this.#grow(1, record.bytes);
    return true;
  }

  #grow(entries: number, bytes: number): void {
    this.#size += entries;
    this.#bytes += bytes;
    this.#load.entries += entries;
    this.#load.bytes += bytes;
  }

  /** Whether there is no room for one more record of so many bytes, when some others are given up. */
  #isFull(bytes: number, given = NOTHING): boolean {
    const { maxEntries, maxBytes } = this.#options;
    const entries = 1 - given.entries;
    const more = bytes - given.bytes;
    if (this.#load.entries + entries > maxEntries || this.#load.bytes + more > maxBytes) return true;
    return this.#size + entries > maxEntries * this.#share || this.#bytes + more > maxBytes * this.#share;
  }

  get #packs(): boolean {
    return this.#bytes > (this.#options.isAway() ? UNPACKED_BYTES_AWAY : UNPACKED_BYTES);
  }

  /** Takes the oldest records out: up to `count`, and not more than about `maxBytes` bytes, but at least one. */
  take(count: number, maxBytes: number): LogRecord[] {
    const taken: LogRecord[] = [];
    this.#refusedRank = -1;
    let bytes = 0;
    while (taken.length < count && this.#size > taken.length && (taken.length === 0 || bytes < maxBytes)) {
      const { lane, before } = this.#oldestLane();
      // One lane after the other, not one record: most neighbours are of one level.
      while (lane.oldest < before && taken.length < count && (taken.length === 0 || bytes < maxBytes)) {
        const record = lane.shift();
        taken.push(record);
        bytes += record.bytes;
      }
    }
    this.#grow(-taken.length, -bytes);
    return taken;
  }

  /** The lane with the oldest record, and the number of the oldest record of all others. */
  #oldestLane(): { readonly lane: RecordLane; readonly before: number } {
    let lane = this.#lanes[0] as RecordLane;
    let before = Number.POSITIVE_INFINITY;
    for (const other of this.#lanes) {
      if (other === lane) continue;
      if (other.oldest < lane.oldest) {
        before = lane.oldest;
        lane = other;
      } else if (other.oldest < before) {
        before = other.oldest;
      }
    }
    return { lane, before };
  }

  /**
   * Takes the newest records of lower levels out, the lowest level first. More than is needed may go at once; what then
   * is free is kept for higher levels.
   *
   * @returns whether there is room.
   */
  #makeRoom(bytes: number, rank: number): boolean {
    const lower = this.#lanes.slice(0, rank);
    const all = {
      entries: lower.reduce((sum, lane) => sum + lane.size, 0),
      bytes: lower.reduce((sum, lane) => sum + lane.bytes, 0),
    };
    if (all.entries === 0 || this.#isFull(bytes, all)) return false;
    let sacrificed = 0;
    for (const [lowerRank, lane] of lower.entries()) {
      while (lane.size > 0 && this.#isFull(bytes)) {
        const given = lane.giveUpNewest();
        this.#grow(-given.count, -given.bytes);
        sacrificed += given.count;
        this.#refusedRank = Math.max(this.#refusedRank, lowerRank);
      }
    }
    this.#options.onShed(sacrificed);
    return true;
  }
}

const NOTHING: QueueLoad = { entries: 0, bytes: 0 };

const RANKS = Object.fromEntries(LEVEL_NAMES.map((level, rank) => [level, rank])) as Record<Level, number>;
