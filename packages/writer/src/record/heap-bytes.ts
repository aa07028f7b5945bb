import type { RequestLine } from './log-record.js';

/*
 * Heap bytes of what waits, on 64-bit V8 and rather too many than too few: a queue is bounded by their sum, and must not
 * hold more than it says. What is shared, as constant texts are, counts each time; every text counts as if it had a
 * letter outside of Latin-1.
 */

/** A record, its places in the queue, its object of fields without any, and what V8 keeps of those that are gone. */
export const RECORD_BYTES = 320;
/** A field of a flat object: its place, and the head of a text or a number. */
export const FIELD_BYTES = 40;
/** A value inside of another: its place, and an object with room for its first members. */
export const NODE_BYTES = 88;
/** A letter of a text. */
export const LETTER_BYTES = 2;

/** Bytes of a text as a field. */
export function textBytes(text: string | undefined): number {
  return text === undefined ? 0 : FIELD_BYTES + text.length * LETTER_BYTES;
}

export function lineBytes(line: RequestLine | undefined): number {
  if (line === undefined) return 0;
  const { method, path, client_ip, proxy_hostname } = line;
  const letters = lettersOf(method) + lettersOf(path) + lettersOf(client_ip) + lettersOf(proxy_hostname);
  return NODE_BYTES + 4 * FIELD_BYTES + letters * LETTER_BYTES;
}

/** Callers without types give anything. */
function lettersOf(text: unknown): number {
  return typeof text === 'string' ? text.length : 0;
}

/**
 * Bytes about to be added to a sum that bounds memory: one sum that is no number would end the bound for good.
 *
 * @throws RangeError when they are none, which would be a mistake of ours.
 */
export function checkedBytes(bytes: number): number {
  if (bytes >= 0 && bytes < Number.POSITIVE_INFINITY) return bytes;
  throw new RangeError(`the bytes of a record are ${bytes}; allowed: a number from 0`);
}
