import type { Level } from '@tailrace/schema';
import type { LogRecord } from '@tailrace/writer';
import type { LoggerStats } from './delivery-counts.js';

/** The counts of delivery alone; the logger adds what it kept out. */
export type DeliveryStats = Omit<LoggerStats, 'sampled' | 'folded'>;

/** Where a logger's records go: to Redis, or in a test into memory. */
export interface RecordDestination {
  /** Counts a call whose record comes later, or never when it is withdrawn. */
  accept(): void;
  withdraw(): void;
  /** Whether there is no room for a record of that level. The call is accepted and counted as dropped then. */
  turnsAway(level: Level): boolean;
  /** Counts a call that could not be read. */
  unreadable(): void;
  /** Takes a record that was accepted. */
  push(record: LogRecord): void;
  flush(): Promise<void>;
  stats(): DeliveryStats;
  close(deadlineMs: number): Promise<void>;
}

/** Whether nothing waits, and the end of the process dropped nothing. */
export function isComplete({ pending, spooled, dropped }: DeliveryStats): boolean {
  return pending + spooled + (dropped.exit ?? 0) === 0;
}
