import type { Cursor } from '@tailrace/schema';
import { MAX_CALL_ENTRIES } from './entry-fetch.js';
import { compareNewestFirst } from './entry-order.js';
import type { Candidate, IndexWalk } from './index-walk.js';

/**
 * Keys looked into in one round of calls. Redis may serve the calls of one connection in one go, so all walks of a
 * round share this: 4,000 lookups take 2 ms on Redis 7.0.
 */
const MAX_LOOKUPS = 4_000;

/** Candidates of several walks as one sequence, newest first, each once. */
export class CandidateMerge {
  readonly #walks: readonly IndexWalk[];
  readonly #maxHashes: number;
  #reached: Cursor | undefined;
  #walked = 0;

  /** @param options.readsHashes whether a walk may read the hashes of its candidates along, which saves a call */
  constructor(walks: readonly IndexWalk[], { readsHashes }: { readonly readsHashes: boolean }) {
    this.#walks = walks;
    // Several walks would read one hash twice, or hashes that are not taken.
    this.#maxHashes = readsHashes && walks.length === 1 ? MAX_CALL_ENTRIES : 0;
  }

  /** Members walked so far, in all walks. */
  get walked(): number {
    return this.#walked;
  }

  /** Members all walks have in the window, once the first candidates are taken. */
  get members(): number {
    return this.#walks.reduce((sum, walk) => sum + walk.members, 0);
  }

  /** True when all candidates have been taken. */
  get ended(): boolean {
    return this.#walks.every((walk) => walk.ended && walk.candidates.length === 0);
  }

  /** The place up to which every candidate has been taken; `undefined` before the first {@link take}. */
  get reached(): Cursor | undefined {
    return this.#reached;
  }

  /**
   * Takes the next candidates after at most one round of calls, so it may find none although there are more: go on
   * until {@link ended}.
   *
   * @param wanted candidates at most
   */
  async take(wanted: number): Promise<Candidate[]> {
    await this.#advance(wanted);
    const taken: Candidate[] = [];
    while (taken.length < wanted) {
      const head = this.#head();
      const blocker = newestOf(this.#blocking(head?.place).map((walk) => walk.reached));
      if (head === undefined || blocker !== undefined) {
        this.#reached = blocker ?? this.#reached;
        break;
      }
      const { id } = head.place;
      for (const walk of this.#walks) if (walk.candidates.at(-1)?.place.id === id) walk.candidates.pop();
      taken.push(head);
      this.#reached = head.place;
    }
    return taken;
  }

  async #advance(wanted: number): Promise<void> {
    const blocking = this.#blocking(this.#head()?.place);
    const hashes = Math.min(wanted, this.#maxHashes);
    const maxLookups = MAX_LOOKUPS / blocking.length;
    const walked = await Promise.all(blocking.map((walk) => walk.advance({ wanted, hashes, maxLookups })));
    this.#walked += walked.reduce((sum, count) => sum + count, 0);
  }

  #head(): Candidate | undefined {
    let newest: Candidate | undefined;
    for (const { candidates } of this.#walks) {
      const candidate = candidates.at(-1);
      if (candidate === undefined) continue;
      if (newest === undefined || compareNewestFirst(candidate.place, newest.place) < 0) newest = candidate;
    }
    return newest;
  }

  /** The walks that may yet find something newer than `head`. */
  #blocking(head: Cursor | undefined): IndexWalk[] {
    return this.#walks.filter(({ ended, candidates, reached }) => {
      if (ended || candidates.length > 0) return false;
      return head === undefined || reached === undefined || compareNewestFirst(reached, head) < 0;
    });
  }
}

function newestOf(places: readonly (Cursor | undefined)[]): Cursor | undefined {
  let newest: Cursor | undefined;
  for (const place of places) {
    if (place !== undefined && (newest === undefined || compareNewestFirst(place, newest) < 0))
      newest = place;
  }
  return newest;
}
