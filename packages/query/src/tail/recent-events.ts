import { compareStreamIds } from './stream-entry.js';
import type { EntryEvent } from './tail-event.js';

/** Bounds of what is kept: entries, and UTF-16 code units of their JSON. */
const MAX_EVENTS = 2_000;
const MAX_SIZE = 4_194_304;

/**
 * The last entries of the stream, read already: followers that come back after a moment, all at once when a gateway was
 * restarted, share them.
 */
export class RecentEvents {
  #events: EntryEvent[] = [];
  #size = 0;
  #after: string;

  /** @param after stream id behind which everything will be added */
  constructor(after: string) {
    this.#after = after;
  }

  /** Adds the next entry of the stream. */
  add(event: EntryEvent): void {
    this.#events.push(event);
    this.#size += event.size;
    // Half of the events go at once, because moving the rest takes time.
    if (this.#events.length > MAX_EVENTS || this.#size > MAX_SIZE) {
      for (const gone of this.#events.splice(0, Math.ceil(this.#events.length / 2))) {
        this.#size -= gone.size;
        this.#after = gone.streamId;
      }
    }
  }

  /** Forgets all: the stream goes on behind `after`. */
  restart(after: string): void {
    this.#events = [];
    this.#size = 0;
    this.#after = after;
  }

  /** All that is kept: everything behind the stream id `after`, oldest first. */
  get all(): { readonly after: string; readonly events: readonly EntryEvent[] } {
    return { after: this.#after, events: this.#events };
  }

  /** Everything behind a stream id, oldest first; `undefined` when not all of it is here. */
  after(streamId: string): readonly EntryEvent[] | undefined {
    if (compareStreamIds(streamId, this.#after) < 0) return undefined;
    let first = this.#events.length;
    while (first > 0 && compareStreamIds((this.#events[first - 1] as EntryEvent).streamId, streamId) > 0) {
      first -= 1;
    }
    return this.#events.slice(first);
  }
}
