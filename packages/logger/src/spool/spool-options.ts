import type { Level } from '@tailrace/schema';
import type { SpoolPlace } from './spool-directory.js';

/** What a spool is, and who is told what becomes of it. */
export interface SpoolOptions extends SpoolPlace {
  /** Letters, digits, `-` and `_`; unique for the writer's life. */
  readonly writerId: string;
  /** Bytes all files of this spool may hold together. */
  readonly maxBytes: number;
  /** Bytes after which a segment is closed and the next begun. @default 4194304 (4 MiB) */
  readonly segmentBytes?: number;
  /** Whether each append waits until the disk has it: needed to survive a power failure, not to survive a crash. */
  readonly fsync: boolean;
  /** Told of accepted entries that gave way to others. */
  readonly onDropped: (level: Level, count: number) => void;
  /**
   * Told that another process has taken the spool, or somebody removed it, with how many entries in it. Whoever took it
   * replays under the writer id it had, where a lower number that comes late is taken for one that was applied.
   *
   * @returns the id of a new writer, under which later appends go to a new directory.
   */
  readonly onTaken: (entries: number) => string;
}

export const DEFAULT_SEGMENT_BYTES = 4 << 20;
