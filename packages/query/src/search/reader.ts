import {
  type Cursor,
  type Entry,
  type Filter,
  isError,
  type Keyspace,
  type RetentionDays,
  storageRowOf,
  type TimeWindow,
} from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { type CompiledFilter, compileFilter } from '../filter/compile-filter.js';
import { CandidateMerge } from './candidate-merge.js';
import { type FetchedHash, visitEntries } from './entry-fetch.js';
import { idCheck } from './id-check.js';
import { type Candidate, IndexWalk } from './index-walk.js';
import { planFor } from './search-plan.js';
import { textDecisionOf } from './text-decision.js';

/** What to look for. */
export interface SearchRequest {
  /** All given filters must hold. */
  readonly filter: Filter | CompiledFilter;
  readonly window: TimeWindow;
  /** Matches a page, from 1. */
  readonly limit: number;
  /** The `nextCursor` of an earlier page: only what comes behind it, which is older. */
  readonly cursor?: Cursor | undefined;
  /** Is told of each match that is taken, newest first; `false` ends the page with it. @default there is room */
  readonly hasRoom?: ((taken: Entry) => boolean) | undefined;
  /** Only what `/logs/errors` shows: requests with status >= 400, other entries from ERROR up. @default false */
  readonly errorsOnly?: boolean;
}

/** One page of what was found. */
export interface SearchPage {
  /** Oldest to newest. */
  readonly entries: Entry[];
  /** All matches in the window where one index knows their number, else null. */
  readonly total: number | null;
  /** Goes on to older matches; null at the end. */
  readonly nextCursor: Cursor | null;
  /** The scan budget or the bytes of the entries ended the page before it was full: `nextCursor` goes on. */
  readonly partial: boolean;
  /** Why the page lacks entries that no `nextCursor` leads to. */
  readonly reason?: string;
}

/** Finds stored entries. */
export interface LogReader {
  /**
   * Finds the newest matches in the window, exactly: `limit` counts what is left after all filters, and pages
   * neither skip nor repeat an entry, also while others are being written.
   *
   * @throws what the connection throws; an abort's reason.
   */
  search(request: SearchRequest, options?: { readonly signal?: AbortSignal }): Promise<SearchPage>;
  /** @returns the entry of that id, `undefined` when it does not exist. */
  entry(id: string): Promise<Entry | undefined>;
}

/** What a reader works with. */
export interface ReaderOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly retentionDays: RetentionDays;
  /** The clock, in epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** How much one search may do. @default {@link DEFAULT_SCAN_BUDGET} */
  readonly scanBudget?: ScanBudget;
  /** Bytes of entries, as Redis holds them, behind which a page takes no more. @default {@link DEFAULT_MAX_PAGE_BYTES} */
  readonly maxPageBytes?: number;
}

/** Where a search stops and replies what it has. */
export interface ScanBudget {
  /** Members of sorted sets walked. */
  readonly candidates: number;
  readonly milliseconds: number;
}

/** @see ScanBudget */
export const DEFAULT_SCAN_BUDGET: ScanBudget = { candidates: 200_000, milliseconds: 2_000 };

/** 16 MiB. */
export const DEFAULT_MAX_PAGE_BYTES = 16_777_216;

/** Candidates taken at a time. */
const MAX_FETCH = 1_000;

/** Makes a reader of one keyspace. It does nothing until it is asked. */
export function createReader(options: ReaderOptions): LogReader {
  const { redis, keyspace, retentionDays, now = Date.now, scanBudget = DEFAULT_SCAN_BUDGET } = options;
  const { maxPageBytes = DEFAULT_MAX_PAGE_BYTES } = options;

  async function search(
    request: SearchRequest,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<SearchPage> {
    const { window, limit, cursor, hasRoom, errorsOnly = false } = request;
    const filter = compileFilter(request.filter);
    const started = now();
    const context = { redis, keyspace, retentionDays, window, now: started };
    const plan = await planFor(filter, errorsOnly, context);
    const { probes, excluded } = plan;
    const { to } = window;
    const mayMatch = idCheck(filter);
    const texts = textDecisionOf(filter);
    const merge = new CandidateMerge(
      plan.driver.map(
        ({ key, from }) => new IndexWalk(redis, { key, from, to, after: cursor, probes, excluded, texts }),
      ),
      { readsHashes: mayMatch === undefined },
    );
    const found: Found[] = [];
    // One more than asked for tells whether there is another page.
    let wanted = limit + 1;
    let isSpent = false;
    let bytes = 0;
    /** The last place that was looked at, where the page ended before all candidates were. */
    let cutAt: Cursor | undefined;
    while (found.length <= limit && !merge.ended && !isSpent) {
      signal?.throwIfAborted();
      const taken = await merge.take(Math.min(wanted, MAX_FETCH));
      const candidates = mayMatch ? taken.filter(({ place }) => mayMatch(place.id)) : taken;
      const looked = await visitEntries({
        redis,
        ids: candidates.map(({ place }) => place.id),
        read: hashesOf(candidates),
        signal,
        visit(entry, i, size) {
          const { place } = candidates[i] as Candidate;
          if (filter.matches(entry) && !(errorsOnly && !isError(entry))) {
            found.push({ entry, place });
            bytes += size;
            if (hasRoom?.(entry) === false) return false;
          }
          return bytes < maxPageBytes && !isOutOfTime();
        },
      });
      wanted *= 2;
      if (looked < candidates.length) cutAt = candidates[looked - 1]?.place;
      isSpent = cutAt !== undefined || merge.walked >= scanBudget.candidates || isOutOfTime();
    }
    const isAll = merge.ended && cutAt === undefined;
    const isPartial = found.length < limit && !isAll;
    return {
      entries: found
        .slice(0, limit)
        .map(({ entry }) => entry)
        .reverse(),
      total: plan.isAnswer ? merge.members : null,
      nextCursor: nextCursor(),
      partial: isPartial,
    };

    function nextCursor(): Cursor | null {
      if (isPartial) return cutAt ?? merge.reached ?? null;
      return found.length > limit || !isAll ? (found[limit - 1]?.place ?? null) : null;
    }

    function isOutOfTime(): boolean {
      return now() - started >= scanBudget.milliseconds;
    }
  }

  return {
    search,
    async entry(id) {
      const row = storageRowOf(id, keyspace.base);
      if (row === undefined || !/^(req|log):/.test(row.key)) return undefined;
      let found: Entry | undefined;
      await visitEntries({
        redis,
        ids: [id],
        visit(entry) {
          found = entry;
          return true;
        },
      });
      return found;
    },
  };
}

/** The hashes that were read along, up to the first candidate whose hash was not. */
function hashesOf(candidates: readonly Candidate[]): FetchedHash[] {
  const hashes: FetchedHash[] = [];
  for (const { hash } of candidates) {
    if (hash === undefined) break;
    hashes.push(hash);
  }
  return hashes;
}

interface Found {
  readonly entry: Entry;
  readonly place: Cursor;
}
