import { redisScript, runScript } from '@tailrace/redis';
import type { Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { KeyConflictError, replyOf } from '../key-conflict.js';
import { SAVE_SEARCH_LUA } from './save-search.lua.js';

/** A view of the console that somebody gave a name. */
export interface SavedSearch {
  readonly name: string;
  /** The query of the console's address, without its `?`. */
  readonly query: string;
  /** Epoch milliseconds. */
  readonly savedAt: number;
}

/** Searches there may be; whoever wants more removes one. */
export const MAX_SAVED_SEARCHES = 200;

/**
 * Searches with names, for all who use the console. They are no log data, and stay when that is cleared.
 *
 * Every method throws KeyConflictError where `settings:searches` is a key of somebody else.
 */
export interface SavedSearches {
  /** By name. */
  list(): Promise<SavedSearch[]>;
  /**
   * Takes the place of one of the same name.
   *
   * @returns false when there are {@link MAX_SAVED_SEARCHES} already; nothing is saved then
   */
  save(search: SavedSearch): Promise<boolean>;
  /** @returns whether there was one of that name */
  remove(name: string): Promise<boolean>;
}

/** @see SavedSearches */
export function createSavedSearches({
  redis,
  keyspace,
}: {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
}): SavedSearches {
  const key = keyspace.searches();
  return {
    async list() {
      const hash = await replyOf(key, 'hash', redis.hgetall(key));
      try {
        return Object.entries(hash)
          .map(([name, text]) => decode(name, text))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch (error) {
        throw new KeyConflictError(key, 'hash', error);
      }
    },
    async save({ name, query, savedAt }) {
      const args = [name, JSON.stringify({ query, savedAt }), MAX_SAVED_SEARCHES];
      return (await replyOf(key, 'hash', runScript(redis, SAVE_SCRIPT, [key], args))) === 1;
    },
    async remove(name) {
      return (await replyOf(key, 'hash', redis.hdel(key, name))) === 1;
    },
  };
}

const SAVE_SCRIPT = redisScript(SAVE_SEARCH_LUA);

/** @throws Error when it is not what was saved */
function decode(name: string, text: string): SavedSearch {
  const saved = JSON.parse(text) as Partial<SavedSearch> | null;
  if (typeof saved?.query !== 'string' || typeof saved.savedAt !== 'number') {
    throw new Error(`what is stored is no search: ${text.slice(0, 200)}`);
  }
  return { name, query: saved.query, savedAt: saved.savedAt };
}
