import { isIP } from 'node:net';
import { type Cursor, canonicalIp, type Entry, shardOf, shardOfId } from '@tailrace/schema';
import { type CompiledFilter, compileFilter } from '../filter/compile-filter.js';
import { compareNewestFirst } from '../search/entry-order.js';
import {
  createReader,
  type LogReader,
  type ReaderOptions,
  type SearchPage,
  type SearchRequest,
} from '../search/reader.js';
import { withPatience } from './patience.js';
import type { Shard } from './shard.js';

/** A page of a shard is asked for so much larger than its share, as entries are not spread evenly. */
const SHARE = 1.5;
const SPARE = 10;

/**
 * Finds entries on all shards of a cluster, as if they were one. A search for addresses asks only the shards they are on.
 *
 * @param readers of the shards, in the order of their numbers
 */
export function createShardedReader(readers: readonly LogReader[]): LogReader {
  return {
    async search(request, options = {}) {
      const filter = compileFilter(request.filter);
      const asked = shardsOf(filter, readers.length);
      const sources = asked.map(
        (shard) => new ShardPages(shard, readers[shard] as LogReader, filter, request, options),
      );
      const first = firstLimit(request.limit, sources.length);
      await Promise.all(sources.map((source) => source.read(first)));
      const totals = sources.map(({ total }) => total);
      const { entries, cutAt } = await merge(sources, request);
      const reasons = sources.flatMap(({ reason }) => reason ?? []);
      const isFull = entries.length === request.limit;
      const hasMore = sources.some(({ isAtEnd }) => !isAtEnd);
      const last = entries.at(-1);
      const page: SearchPage = {
        entries: entries.toReversed(),
        total: totals.every((total) => total !== null) ? totals.reduce((sum, total) => sum + total, 0) : null,
        nextCursor: cutAt ?? (hasMore && last !== undefined ? placeOf(last) : null),
        partial: (cutAt !== undefined && !isFull) || reasons.length > 0,
      };
      return reasons.length > 0 ? { ...page, total: null, reason: reasons.join('; ') } : page;
    },

    async entry(id) {
      const reader = readers[shardOfId(id) ?? -1];
      return reader === undefined ? undefined : withPatience(() => reader.entry(id));
    },
  };
}

/** Finds the entries of all shards, of a server or a cluster. */
export function createReaderOf(
  shards: readonly Shard[],
  options: Omit<ReaderOptions, 'redis' | 'keyspace'>,
): LogReader {
  const readers = shards.map((shard) => createReader({ ...shard, ...options }));
  return readers.length === 1 ? (readers[0] as LogReader) : createShardedReader(readers);
}

/** The shards on which matches can be: all, unless the filter names addresses. */
function shardsOf({ conditions }: CompiledFilter, shards: number): readonly number[] {
  const all = Array.from({ length: shards }, (_, shard) => shard);
  for (const { field, values, isNegated } of conditions) {
    if (field !== 'ip' || isNegated || !values.every((value) => isIP(String(value)) !== 0)) continue;
    const own = values.map((value) => shardOf({ client_ip: canonicalIp(String(value)) }, shards));
    return [...new Set(own.map(Number))];
  }
  return all;
}

function firstLimit(limit: number, shards: number): number {
  return Math.min(limit, Math.ceil((limit / shards) * SHARE) + SPARE);
}

/**
 * Takes the newest entry of all again and again, until the page is full or a shard that may have a newer one says no more.
 *
 * @returns `cutAt`: where the page ended before it was full
 */
async function merge(
  sources: readonly ShardPages[],
  { limit, hasRoom }: SearchRequest,
): Promise<{ readonly entries: Entry[]; readonly cutAt?: Cursor }> {
  const entries: Entry[] = [];
  while (entries.length < limit) {
    const head = newestOf(sources);
    const blocking = sources.filter((source) => source.mayPrecede(head?.head));
    if (blocking.length > 0) {
      const spent = blocking.flatMap(({ isSpent, reached }) => (isSpent && reached ? [reached] : []));
      if (spent.length > 0) return { entries, cutAt: spent.toSorted(compareNewestFirst)[0] as Cursor };
      await Promise.all(blocking.map((source) => source.read(limit - entries.length)));
      continue;
    }
    if (head === undefined) break;
    const taken = head.take();
    entries.push(taken);
    if (hasRoom?.(taken) === false) {
      const isMore = sources.some(({ isAtEnd }) => !isAtEnd);
      return isMore ? { entries, cutAt: placeOf(taken) } : { entries };
    }
  }
  return { entries };
}

function newestOf(sources: readonly ShardPages[]): ShardPages | undefined {
  let newest: ShardPages | undefined;
  for (const source of sources) {
    if (source.head === undefined) continue;
    if (newest?.head === undefined || compareNewestFirst(placeOf(source.head), placeOf(newest.head)) < 0)
      newest = source;
  }
  return newest;
}

/** What a search finds on one shard, newest first, a page at a time. */
class ShardPages {
  readonly #shard: number;
  readonly #reader: LogReader;
  readonly #filter: CompiledFilter;
  readonly #request: SearchRequest;
  readonly #options: { readonly signal?: AbortSignal };
  /** Oldest first, as pages are. */
  #entries: Entry[] = [];
  #next: Cursor | null | undefined;
  #total: number | null | undefined;
  /** The shard has stopped before its page was full: it has done what one question may. */
  isSpent = false;
  /** Why it lacks entries. */
  reason: string | undefined;

  constructor(
    shard: number,
    reader: LogReader,
    filter: CompiledFilter,
    request: SearchRequest,
    options: { readonly signal?: AbortSignal },
  ) {
    this.#shard = shard;
    this.#reader = reader;
    this.#filter = filter;
    this.#request = request;
    this.#options = options;
  }

  get total(): number | null {
    return this.#total ?? null;
  }

  get head(): Entry | undefined {
    return this.#entries.at(-1);
  }

  /** The place up to which everything was found; `undefined` at the end. */
  get reached(): Cursor | undefined {
    return this.#next ?? undefined;
  }

  get isAtEnd(): boolean {
    return this.#entries.length === 0 && this.#next === null;
  }

  take(): Entry {
    return this.#entries.pop() as Entry;
  }

  /** Whether it has to be asked before an entry of another shard is the next one. */
  mayPrecede(entry: Entry | undefined): boolean {
    if (this.#entries.length > 0 || this.#next === null || this.#next === undefined) return false;
    return entry === undefined || compareNewestFirst(this.#next, placeOf(entry)) < 0;
  }

  async read(limit: number): Promise<void> {
    const { hasRoom: _, ...request } = this.#request;
    const cursor = this.#next ?? request.cursor;
    try {
      const page = await withPatience(() =>
        this.#reader.search({ ...request, filter: this.#filter, limit, cursor }, this.#options),
      );
      this.#entries = page.entries;
      this.#next = page.nextCursor;
      this.#total ??= page.total;
      this.isSpent = page.partial;
      this.reason ??= page.reason;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (!(error instanceof Error)) throw error;
      this.#next = null;
      this.reason = `shard ${this.#shard} does not answer: ${error.message}`;
    }
  }
}

function placeOf({ timestamp, order = 0, id }: Entry): Cursor {
  return { timestamp, order, id };
}
