import type { Entry } from '@tailrace/schema';

/** What a follower is told. */
export type TailEvent = EntryEvent | MissedEvent | GapEvent | StatusEvent;

/** An entry that was written. All followers that want it get the same object. */
export interface EntryEvent {
  readonly type: 'entry';
  readonly streamId: string;
  readonly entry: Entry;
  /** Length of its JSON in the stream, in UTF-16 code units. */
  readonly size: number;
}

/** The follower was read too slowly: so many matches were dropped at this point. */
export interface MissedEvent {
  readonly type: 'missed';
  readonly count: number;
  /** Stream ids of the first and the last of them. */
  readonly firstId: string;
  readonly lastId: string;
}

/** The stream no longer has what came after `after`. */
export interface GapEvent {
  readonly type: 'gap';
  /**
   * `trimmed`: older than what the stream keeps. `restarted`: this is another stream than before, as its key was
   * removed or has expired, or Redis came back without its data.
   */
  readonly reason: 'trimmed' | 'restarted';
  /** Stream id of the last entry before the gap. */
  readonly after: string;
  /** Stream id of the first entry the stream has now; null when it has none. */
  readonly next: string | null;
  /** Entries that are gone, whether the filter wants them or not; null when nobody can know. */
  readonly entries: number | null;
}

/** Redis is away, and nothing comes until it is back; or it is back. */
export interface StatusEvent {
  readonly type: 'status';
  readonly available: boolean;
}
