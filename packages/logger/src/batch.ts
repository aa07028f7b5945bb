import type { Entry } from '@tailrace/schema';
import type { Payload } from './payload.js';

/** Entries of one call: more would hold Redis for longer than about 8 ms. */
export const MAX_CALL_ENTRIES = 256;

/** What one run of the batch script applies. Its number stands for its entries: a call is never regrouped. */
export interface Call {
  /** Counted per writer from 1. */
  readonly number: number;
  readonly entries: readonly Entry[];
  /** Made when the call is about to be sent. */
  payload: Payload | undefined;
}

/** Numbered entries on their way; a batch that failed is sent again from its first open call. */
export interface Batch {
  readonly calls: readonly Call[];
  /** Number, in the order of all log calls, of the first record it was made of. */
  readonly firstRecord: number;
  /** Calls that are known to be applied. */
  applied: number;
  /** How often it was sent: when more than once, a socket may still hold its buffers. */
  attempts: number;
}

/** Calls not known to be applied. */
export function openCalls(batch: Batch): readonly Call[] {
  return batch.calls.slice(batch.applied);
}

export function entryCount(calls: readonly Pick<Call, 'entries'>[]): number {
  return calls.reduce((sum, { entries }) => sum + entries.length, 0);
}
