import type { EntryEvent, GapEvent, MissedEvent, TailEvent } from './tail-event.js';

/** Bytes an event takes beside its text, about. */
const EVENT_OVERHEAD = 512;
/** Text a follower takes at once: what was taken is in no bound until its reader has it, so it is little. */
const TAKEN_SIZE = 65_536;

/** One reader of the tail, with the events it has not taken yet. */
export class Follower {
  readonly #maxBufferedSize: number;
  readonly #isAvailable: () => boolean;
  #events: TailEvent[] = [];
  #bufferedSize = 0;
  #missed: MissedEvent | undefined;
  #toldAvailable = true;
  #ended = false;
  #wake: (() => void) | undefined;

  /** @param isAvailable whether Redis answers; the follower is told when that changes */
  constructor(maxBufferedSize: number, isAvailable: () => boolean) {
    this.#maxBufferedSize = maxBufferedSize;
    this.#isAvailable = isAvailable;
  }

  /** True once {@link end} was called. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether all that was offered has been taken. */
  get isEmpty(): boolean {
    return this.#events.length === 0 && this.#missed === undefined;
  }

  /** Whether {@link take} has anything. */
  get hasNews(): boolean {
    return !this.isEmpty || this.#isAvailable() !== this.#toldAvailable;
  }

  /** Takes an entry in; with a full buffer it is counted instead, and so are the next ones until all is taken. */
  offer(event: EntryEvent): void {
    if (this.#missed !== undefined || this.#bufferedSize >= this.#maxBufferedSize) this.#miss(event);
    else {
      this.#events.push(event);
      this.#bufferedSize += event.size + EVENT_OVERHEAD;
    }
    this.wake();
  }

  /** Takes a gap in, at this point of the entries. */
  offerGap(gap: GapEvent): void {
    if (this.#missed !== undefined) this.#events.push(this.#missed);
    this.#missed = undefined;
    this.#events.push(gap);
    this.wake();
  }

  /** What has come, in order, about 64 KiB at once; nothing when there is nothing. */
  take(): TailEvent[] {
    let count = 0;
    for (let size = 0; count < this.#events.length && size < TAKEN_SIZE; count++) {
      size += sizeOf(this.#events[count]);
    }
    const taken = this.#events.splice(0, count);
    for (const event of taken) this.#bufferedSize -= sizeOf(event);
    if (this.#events.length > 0) return taken;
    if (this.#missed !== undefined) taken.push(this.#missed);
    this.#missed = undefined;
    const available = this.#isAvailable();
    if (available !== this.#toldAvailable) taken.push({ type: 'status', available });
    this.#toldAvailable = available;
    return taken;
  }

  /** Resolves when there may be news, at the end, and after so long. One may wait at a time. */
  wait(milliseconds: number): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#wake = done;
    });
  }

  /** Ends a {@link wait}. */
  wake(): void {
    this.#wake?.();
  }

  /** Nothing more is wanted: frees what is buffered. */
  end(): void {
    this.#ended = true;
    this.#events = [];
    this.#missed = undefined;
    this.wake();
  }

  #miss({ streamId }: EntryEvent): void {
    const { count = 0, firstId = streamId } = this.#missed ?? {};
    this.#missed = { type: 'missed', count: count + 1, firstId, lastId: streamId };
  }
}

function sizeOf(event: TailEvent | undefined): number {
  return event?.type === 'entry' ? event.size + EVENT_OVERHEAD : 0;
}
