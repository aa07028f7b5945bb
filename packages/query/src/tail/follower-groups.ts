import type { CompiledFilter } from '../filter/compile-filter.js';
import type { Follower } from './follower.js';
import type { EntryEvent } from './tail-event.js';

/** The followers of one filter: an entry is checked once for all of them. */
export interface FollowerGroup {
  readonly filter: CompiledFilter;
  readonly followers: Set<Follower>;
}

/** Followers by filter. */
export class FollowerGroups {
  readonly #groups = new Map<string, FollowerGroup>();

  /** The follower gets entries from now on. */
  add(follower: Follower, filter: CompiledFilter): void {
    const key = keyOf(filter);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { filter, followers: new Set() };
      this.#groups.set(key, group);
    }
    group.followers.add(follower);
  }

  /** The follower gets no more entries; a group without followers is gone. */
  remove(follower: Follower, filter: CompiledFilter): void {
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
    for (const { filter, followers } of this.#groups.values()) {
      if (filter.matches(event.entry)) for (const follower of followers) follower.offer(event);
    }
  }

  /** Every follower that gets entries. */
  *followers(): Generator<Follower> {
    for (const group of this.#groups.values()) yield* group.followers;
  }
}

/** One text for all filters that mean the same. */
function keyOf({ conditions }: CompiledFilter): string {
  return JSON.stringify(conditions.map(({ name, isNegated, values }) => [name, isNegated, values]).sort());
}
