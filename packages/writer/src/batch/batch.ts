import type { Entry } from '@tailrace/schema';
import { type Payload, payloadEntries } from '../encoding/payload.js';

/** Entries of one call: more would hold Redis for longer than about 8 ms. */
export const MAX_CALL_ENTRIES = 256;

/** What one run of the batch script applies. Its number stands for its entries: a call is never regrouped. */
export interface Call {
  /** Counted per writer from 1. */
  readonly number: number;
  /** How many entries it has. */
  readonly size: number;
  /** The entries until they are encoded, or their encoded form: what waits for a reply should not burden the garbage collector. */
  content: readonly Entry[] | Payload;
}

/** Whether the call is encoded. */
export function isEncoded(content: Call['content']): content is Payload {
  return !Array.isArray(content);
}

/** The entries of a call that is not known to be applied. */
export function callEntries({ content }: Call): readonly Entry[] {
  return isEncoded(content) ? payloadEntries(content) : content;
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

export function entryCount(calls: readonly Pick<Call, 'size'>[]): number {
  return calls.reduce((sum, { size }) => sum + size, 0);
}
