import { compareStreamIds, STREAM_START } from './stream-entry.js';
import type { StreamState } from './stream-state.js';
import type { GapEvent } from './tail-event.js';

/** How far a stream has been read, and whether all of it was there to be read. */
export class StreamPlace {
  #position: string;
  /** How many entries had been added to the stream with the one at this place; `undefined` when that is not known. */
  #ordinal: number | undefined;
  #state: StreamState | undefined;

  /** @param position stream id of the last entry that was read */
  constructor(position: string) {
    this.#position = position;
  }

  /** Stream id of the last entry that was read. */
  get position(): string {
    return this.#position;
  }

  /** Whether the stream was empty when it was last looked at: then any stream can take its place unseen. */
  get isOfEmptyStream(): boolean {
    return this.#state?.firstId === undefined;
  }

  /** Everything up to a stream id was read, `count` entries. */
  advance(streamId: string, count: number): void {
    this.#position = streamId;
    if (this.#ordinal !== undefined) this.#ordinal += count;
  }

  /**
   * Compares this place with the stream as it is before the next read. Where the stream is another one, or has lost its
   * end in a failover, the place moves to where reading goes on.
   *
   * @returns what can no longer be read.
   */
  check(state: StreamState): GapEvent | undefined {
    const gap = this.#isOf(state) ? this.#trimmed(state) : this.#restarted(state);
    if (compareStreamIds(this.#position, state.lastId) > 0) {
      this.#position = gap?.reason === 'restarted' ? STREAM_START : state.lastId;
    }
    this.#ordinal = this.#ordinalIn(state, gap);
    this.#state = state;
    return gap;
  }

  /** Whether it is still the same stream: its beginning only ever moves on. */
  #isOf(state: StreamState): boolean {
    const before = this.#state;
    if (before !== undefined) {
      if (before.firstId === undefined) return state.added >= before.added;
      if (state.removed === before.removed) return state.firstId === before.firstId;
      return state.removed > before.removed;
    }
    if (this.#position === STREAM_START || this.#position === state.lastId) return true;
    if (compareStreamIds(this.#position, state.lastId) > 0) return false;
    return state.removed > 0 || !this.#isBeforeAllOf(state);
  }

  #restarted(state: StreamState): GapEvent {
    return {
      type: 'gap',
      reason: 'restarted',
      after: this.#position,
      next: state.firstId ?? null,
      entries: null,
    };
  }

  #trimmed(state: StreamState): GapEvent | undefined {
    const lost = state.removed - (this.#ordinal ?? (this.#position === STREAM_START ? 0 : Number.NaN));
    if (!this.#isBeforeAllOf(state) || this.#position === state.lastId || lost <= 0) return undefined;
    const isCounted =
      !Number.isNaN(lost) &&
      (state.maxDeletedId === STREAM_START || compareStreamIds(state.maxDeletedId, this.#position) <= 0);
    return {
      type: 'gap',
      reason: 'trimmed',
      after: this.#position,
      next: state.firstId ?? null,
      entries: isCounted ? lost : null,
    };
  }

  #isBeforeAllOf({ firstId }: StreamState): boolean {
    return firstId === undefined || compareStreamIds(firstId, this.#position) > 0;
  }

  #ordinalIn(state: StreamState, gap: GapEvent | undefined): number | undefined {
    if (this.#position === state.lastId) return state.added;
    if (this.#isBeforeAllOf(state)) return state.removed;
    return gap === undefined ? this.#ordinal : undefined;
  }
}
