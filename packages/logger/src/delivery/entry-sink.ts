import type { BatchWriter } from '@tailrace/writer';
import type { LoggerError } from '../logger-options.js';

/** Where entries go besides Redis, or in its place, with a queue and a spool of its own. */
export interface EntrySink {
  /** Tells it from others: what waits in files for one is not for another. */
  readonly identity: string;
  /** Whether nothing goes to Redis. */
  readonly isAlone: boolean;
  /** Makes what writes its batches. */
  openWriter(parts: {
    /** The clock, in epoch milliseconds. */
    readonly now: () => number;
    readonly report: (error: LoggerError) => void;
  }): BatchWriter;
}
