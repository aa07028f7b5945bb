import { createHash } from 'node:crypto';
import { type Entry, type EntryInput, type Keyspace, MAX_ORDER, SORTABLE_DIGITS } from '@tailrace/schema';
import { EntryOrder, IMPORTED_TIMESTAMPS } from './batch/entry-order.js';
import { entryOf } from './entry-of-input.js';
import type { RedactOptions } from './redaction/redact-options.js';
import { Redactor } from './redaction/redactor.js';

/** Makes entries as the writer would, for files instead of Redis. */
export type ArchivedEntries = (inputs: readonly EntryInput[]) => Entry[];

/** @see createArchivedEntries */
export interface ArchivedEntriesOptions {
  readonly keyspace: Keyspace;
  readonly redact: RedactOptions;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Ids follow from the text of all entries that are given together, and the place in it: the same ones given again get the
 * same ids, if each has a timestamp. So the order of an entry is no part of its id: those beyond the last place of a
 * millisecond share that place.
 */
export function createArchivedEntries({ keyspace, redact, now }: ArchivedEntriesOptions): ArchivedEntries {
  const redactor = new Redactor(redact);
  const orders = new EntryOrder(IMPORTED_TIMESTAMPS);
  return (inputs) => {
    const whole = createHash('sha256').update(JSON.stringify(inputs)).digest();
    const moment = now();
    return inputs.map((input, place) => {
      const entry = entryOf(input, moment, redactor);
      const owner = entry.kind === 'request' ? entry.client_ip : entry.component;
      const id = keyspace.entry(entry.kind, entry.timestamp, owner, lastPart(whole, place));
      const order = Math.min(orders.next(entry.timestamp), MAX_ORDER);
      return { ...entry, id, ...(order > 0 && { order }) };
    });
  };
}

/** Eight characters, as other ids have them. */
function lastPart(whole: Buffer, place: number): string {
  const hash = createHash('sha256').update(whole).update(String(place)).digest();
  return Array.from(hash.subarray(0, 8), (byte) => SORTABLE_DIGITS[byte & 63]).join('');
}
