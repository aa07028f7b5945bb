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

/** Looks at an entry; `false` ends the reading. */
export type EntryVisit = (entry: Entry, place: number) => boolean | undefined;

/**
 * Reads entries by id, and shows each to `visit` in the order of the ids. An entry that is
 * gone (expired since it was indexed) or not ours is left out. While `visit` looks at some, Redis reads the next ones.
 *
 * @param visit must not throw
 * @param read hashes of the first ids, which a walk has read already
 */
export async function visitEntries(
  redis: Redis,
  ids: readonly string[],
  visit: EntryVisit,
  read: readonly FetchedHash[] = [],
): Promise<void> {
  let hashes: readonly FetchedHash[] | undefined = read;
  for (let place = 0; hashes !== undefined; ) {
    const behind: number = place + hashes.length;
    const next = behind < ids.length ? fetchHashes(redis, ids, behind) : undefined;
    for (const hash of hashes) {
      const entry = readEntry(() => decodeEntry(ids[place] as string, fieldsOf(hash)));
      if (entry !== undefined && visit(entry, place) === false) {
        await next;
        return;
      }
      place += 1;
    }
    hashes = await next;
  }
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
