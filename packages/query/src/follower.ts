import type { Entry } from '@tailrace/schema';
import { compareStreamIds } from './stream-entry.js';

/** What a follower is told. */
export type TailEvent =
  | { readonly type: 'entry'; readonly streamId: string; readonly entry: Entry }
  /** The follower was read too slowly: so many matches were dropped at this point. */
  | { readonly type: 'missed'; readonly count: number };

/** One reader of the tail, with the matches it has not taken yet. */
export class Follower {
  readonly #matches: (entry: Entry) => boolean;
  readonly #maxBuffered: number;
  readonly #events: TailEvent[] = [];
  #isLive = false;
  #after: string | undefined;
  #missed = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(matches: (entry: Entry) => boolean, maxBuffered: number) {
    this.#matches = matches;
    this.#maxBuffered = maxBuffered;
  }

  /** True once {@link end} was called. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the filter wants it; garbage, which no check expects, is not wanted. */
  wants(entry: Entry): boolean {
    try {
      return this.#matches(entry);
    } catch {
      return false;
    }
  }

  /** From now on {@link offer} takes entries in, those behind the stream id `after`. */
  goLive(after?: string): void {
    this.#isLive = true;
    this.#after = after;
  }

  /** Takes in an entry if it is wanted; with a full buffer it is counted instead. */
  offer(streamId: string, entry: Entry): void {
    if (!this.#isLive) return;
    if (this.#after !== undefined) {
      if (compareStreamIds(streamId, this.#after) <= 0) return;
      this.#after = undefined;
    }
    if (!this.wants(entry)) return;
    if (this.#events.length >= this.#maxBuffered) {
      this.#missed += 1;
      return;
    }
    this.#reportMissed();
    this.#events.push({ type: 'entry', streamId, entry });
    this.#wake?.();
  }

  /** Everything offered, until {@link end}. */
  async *events(): AsyncGenerator<TailEvent, void> {
    while (true) {
      const event = this.#events.shift();
      if (event !== undefined) yield event;
      else if (this.#missed > 0) this.#reportMissed();
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  /** Ends {@link events} after what is buffered. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  #reportMissed(): void {
    if (this.#missed > 0) this.#events.push({ type: 'missed', count: this.#missed });
    this.#missed = 0;
  }
}
