import type { Keyspace, RetentionDays } from '@tailrace/schema';
import type { Redis } from 'ioredis';

/** What reading counters needs. */
export interface CounterContext {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  /** When it was asked, in epoch milliseconds. */
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
}
