import { decodeStreamEntry, type Entry } from '@tailrace/schema';
import { readEntry } from '../search/read-entry.js';
import type { EntryEvent } from './tail-event.js';

/** What XRANGE replies, and XREAD for one stream. */
export type StreamReply = [streamId: string, fields: string[]][];

/** The id before every other. */
export const STREAM_START = '0-0';

/** @returns less than 0 when `a` was added before `b`. */
export function compareStreamIds(a: string, b: string): number {
  const [aTime = '', aNumber = ''] = a.split('-');
  const [bTime = '', bNumber = ''] = b.split('-');
  const difference = BigInt(aTime) - BigInt(bTime) || BigInt(aNumber) - BigInt(bNumber);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** @returns the entry of a stream entry's `data` field, `undefined` when it holds none. */
export function parseStreamEntry(fields: readonly string[]): Entry | undefined {
  const json = dataOf(fields);
  return json === undefined ? undefined : readEntry(() => decodeStreamEntry(json));
}

/** @returns what followers are told of a stream entry, `undefined` when it holds no entry. */
export function entryEvent([streamId, fields]: StreamReply[number]): EntryEvent | undefined {
  const entry = parseStreamEntry(fields);
  return entry && { type: 'entry', streamId, entry, size: dataOf(fields)?.length ?? 0 };
}

function dataOf(fields: readonly string[]): string | undefined {
  const at = fields.indexOf('data');
  return at % 2 === 0 ? fields[at + 1] : undefined;
}
