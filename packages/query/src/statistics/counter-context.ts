import type { RetentionDays } from '@tailrace/schema';
import type { Shard } from '../shards/shard.js';

/** What reading the counters of one shard needs. */
export interface CounterContext extends Shard {
  readonly retentionDays: RetentionDays;
  /** When it was asked, in epoch milliseconds. */
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
}
