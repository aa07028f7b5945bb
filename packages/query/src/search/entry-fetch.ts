import { redisScript, runScript } from '@tailrace/redis';
import { decodeEntry, type Entry } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { FETCH_ENTRIES_LUA } from './fetch-entries.lua.js';
import { readEntry } from './read-entry.js';

const FETCH_SCRIPT = redisScript(FETCH_ENTRIES_LUA);

/** Entries one call reads at most: some 1.5 ms of Redis 7.0. */
export const MAX_CALL_ENTRIES = 200;
/** Bytes after which a call reads no further entry: as long. */
export const MAX_CALL_BYTES = 200_000;

/** What to read. */
export interface EntryVisit {
  readonly redis: Redis;
  readonly ids: readonly string[];
  /** Hashes of the first ids, which a walk has read already. */
  readonly read?: readonly FetchedHash[];
  /** Ends the reading between two calls, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Is shown each entry, its place among the ids, and its bytes in Redis; it must not throw.
   *
   * @returns whether to go on
   */
  readonly visit: (entry: Entry, place: number, bytes: number) => boolean;
}

/**
 * Reads entries by id, in the order of the ids. An entry that is gone (expired since it was indexed) or not ours is left
 * out. While `visit` looks at some, Redis reads the next ones.
 *
 * @returns how many ids were looked at: all, unless `visit` ended it.
 */
export async function visitEntries({ redis, ids, read = [], signal, visit }: EntryVisit): Promise<number> {
  let hashes: readonly FetchedHash[] | undefined = read;
  for (let place = 0; hashes !== undefined; ) {
    signal?.throwIfAborted();
    const behind: number = place + hashes.length;
    const next = behind < ids.length ? fetchHashes(redis, ids, behind) : undefined;
    for (const hash of hashes) {
      const entry = readEntry(() => decodeEntry(ids[place] as string, fieldsOf(hash)));
      place += 1;
      if (entry === undefined || visit(entry, place - 1, bytesOf(hash))) continue;
      // Nobody waits for the call that is under way.
      next?.catch(() => undefined);
      return place;
    }
    hashes = await next;
  }
  return ids.length;
}

/** Names and values in turn; an empty object where the hash is missing. */
export type FetchedHash = readonly string[] | object;

async function fetchHashes(redis: Redis, ids: readonly string[], from: number): Promise<FetchedHash[]> {
  const keys = ids.slice(from, from + MAX_CALL_ENTRIES);
  return JSON.parse((await runScript(redis, FETCH_SCRIPT, keys, [MAX_CALL_BYTES])) as string);
}

function fieldsOf(hash: FetchedHash): Record<string, string> {
  const fields: Record<string, string> = {};
  if (!Array.isArray(hash)) return fields;
  for (let i = 0; i < hash.length; i += 2) fields[hash[i]] = hash[i + 1];
  return fields;
}

function bytesOf(hash: FetchedHash): number {
  let bytes = 0;
  if (!Array.isArray(hash)) return bytes;
  // Of short texts a few bytes make no difference.
  for (const text of hash) bytes += text.length > SHORT_TEXT ? Buffer.byteLength(text) : text.length;
  return bytes;
}

/** Code units. */
const SHORT_TEXT = 1_000;
