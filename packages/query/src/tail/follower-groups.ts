import type { Entry, Filter } from '@tailrace/schema';
import { matchesFilter } from '../search/matches-filter.js';
import type { Follower } from './follower.js';
import type { EntryEvent } from './tail-event.js';

/** The followers of one filter: an entry is checked once for all of them. */
export interface FollowerGroup {
  wants(entry: Entry): boolean;
  readonly followers: Set<Follower>;
}

/** Followers by filter. */
export class FollowerGroups {
  readonly #groups = new Map<string, FollowerGroup>();

  /** The follower gets entries from now on. */
  add(follower: Follower, filter: Filter): void {
    const key = keyOf(filter);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { wants: wantedBy(filter), followers: new Set() };
      this.#groups.set(key, group);
    }
    group.followers.add(follower);
  }

  /** The follower gets no more entries; a group without followers is gone. */
  remove(follower: Follower, filter: Filter): void {
    const key = keyOf(filter);
    const group = this.#groups.get(key);
    if (group?.followers.delete(follower) && group.followers.size === 0) this.#groups.delete(key);
  }

  /** Nobody gets entries any more. */
  clear(): void {
    this.#groups.clear();
  }

  /** Offers an entry to all who want it. */
  offer(event: EntryEvent): void {
    for (const { wants, followers } of this.#groups.values()) {
      if (wants(event.entry)) for (const follower of followers) follower.offer(event);
    }
  }

  /** Every follower that gets entries. */
  *followers(): Generator<Follower> {
    for (const group of this.#groups.values()) yield* group.followers;
  }
}

/** @returns the check of a filter; garbage, which no check expects, is not wanted. */
export function wantedBy(filter: Filter): (entry: Entry) => boolean {
  const matches = matchesFilter(filter);
  return (entry) => {
    try {
      return matches(entry);
    } catch {
      return false;
    }
  };
}

function keyOf(filter: Filter): string {
  return JSON.stringify(Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1)));
}
