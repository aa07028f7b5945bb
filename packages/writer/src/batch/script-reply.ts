import { isLastingRefusal, replyError } from '@tailrace/redis/without-client';
import {
  type AgeRefusal,
  ageRefusal,
  type Entry,
  type RetentionDays,
  StorageVersionError,
} from '@tailrace/schema';
import type { Refusal } from './batch.js';

/** What the batch script answers: state, text, list, the server's clock in ms. Its header says what they mean. */
export type ScriptReply = readonly [
  state: number,
  text: string,
  list: readonly (string | number)[],
  serverMs: number,
];

/** @see readReply */
export type ChunkReply =
  | { readonly state: 'applied'; readonly epoch: string; readonly failedKeys: readonly string[] }
  | { readonly state: 'missing'; readonly last: number }
  | { readonly state: 'refused'; readonly places: ReadonlyMap<number, string> }
  | { readonly state: 'stored before'; readonly places: ReadonlyMap<number, string> };

/**
 * What became of a chunk.
 *
 * @returns `applied`, now or before; `missing`: its predecessor is not applied, but the chunk `last` is; `refused`: places
 *   of entries, from 0, and why; `stored before`: places of entries whose own ids are known, and what they are stored as
 * @throws StorageVersionError; a reply error when what refuses entries will pass, so that none is lost by it
 */
export function readReply([state, text, list]: ScriptReply): ChunkReply {
  if (state === ANOTHER_VERSION) throw new StorageVersionError(text);
  if (state === MISSING) return { state: 'missing', last: Number(text) };
  if (state === STORED_BEFORE) return { state: 'stored before', places: placesOf(list) };
  if (state !== REFUSED) return { state: 'applied', epoch: text, failedKeys: list.map(String) };
  const places = placesOf(list);
  for (const reason of places.values()) {
    if (!isOfAge(reason) && !isLastingRefusal(reason)) throw replyError(reason);
  }
  return { state: 'refused', places };
}

function placesOf(list: ScriptReply[2]): ReadonlyMap<number, string> {
  const places = new Map<number, string>();
  for (let i = 0; i < list.length; i += 2) {
    places.set(Number(list[i]) - 1, String(list[i + 1]));
  }
  return places;
}

const MISSING = -1;
const ANOTHER_VERSION = -2;
const REFUSED = -3;
const STORED_BEFORE = -4;

/** What is said of an entry that was refused. */
export interface RefusalContext {
  readonly retentionDays: RetentionDays;
  readonly serverMs: number;
}

/** @param reason as {@link readReply} gives it */
export function refusalOf(
  entry: Entry,
  reason: string,
  { retentionDays, serverMs }: RefusalContext,
): Refusal {
  const { id } = entry;
  if (!isOfAge(reason)) return { id, reason: 'rejected', message: reason };
  const message = ageRefusal(entry, retentionDays, serverMs)?.message ?? 'the timestamp is at the very limit';
  return { id, reason, message };
}

function isOfAge(reason: string): reason is AgeRefusal['code'] {
  return reason === 'entry_too_old' || reason === 'entry_in_future';
}
