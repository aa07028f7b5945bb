import type { Level } from '@tailrace/schema';
import { type EncodedCall, entryBytes, headBytes } from './record-line.js';

/**
 * Takes entries of one level out of calls, newest first, until their lines are `excessBytes` shorter or none of the
 * level is left. A call whose entries are all gone is not written, so it gives its whole line.
 *
 * @returns how many entries were taken out.
 */
export function takeOutNewest(calls: readonly EncodedCall[], level: Level, excessBytes: number): number {
  let freedBytes = 0;
  let count = 0;
  for (const call of calls.toReversed()) {
    if (freedBytes >= excessBytes) break;
    const kept = call.entries.toReversed().filter((entry) => {
      if (entry.level !== level || freedBytes >= excessBytes) return true;
      freedBytes += entryBytes(entry);
      count++;
      return false;
    });
    if (kept.length === 0 && call.entries.length > 0) freedBytes += headBytes(call);
    call.entries = kept.reverse();
  }
  return count;
}
