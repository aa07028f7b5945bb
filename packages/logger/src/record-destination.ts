import type { LoggerStats } from './delivery-counts.js';
import type { LogRecord } from './log-record.js';

/** The counts of delivery alone; the logger adds what it kept out. */
export type DeliveryStats = Omit<LoggerStats, 'sampled' | 'folded'>;

/** Where a logger's records go: to Redis, or in a test into memory. */
export interface RecordDestination {
  /** Counts a call whose record comes later, or never when it is withdrawn. */
  accept(): void;
  withdraw(): void;
  /** Counts a call that could not be read. */
  unreadable(): void;
  /** Takes a record that was accepted. */
  push(record: LogRecord): void;
  flush(): Promise<void>;
  stats(): DeliveryStats;
  close(deadlineMs: number): Promise<void>;
}
