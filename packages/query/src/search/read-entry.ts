import type { Entry } from '@tailrace/schema';

/** Milliseconds a Date can hold (ECMA-262, section 21.4.1.1). */
const MAX_TIMESTAMP = 8.64e15;

/** @returns what `decode` makes of stored text, `undefined` where the text is not an entry: garbage must not fail a read. */
export function readEntry(decode: () => Entry | undefined): Entry | undefined {
  try {
    const entry = decode();
    return entry !== undefined && Math.abs(entry.timestamp) <= MAX_TIMESTAMP ? entry : undefined;
  } catch {
    return undefined;
  }
}
