import {
  type CompiledFilter,
  compareNewestFirst,
  compileFilter,
  DEFAULT_MAX_PAGE_BYTES,
  type LogReader,
  type SearchPage,
  type SearchRequest,
} from '@tailrace/query';
import { type Cursor, type Entry, isError, type TimeWindow } from '@tailrace/schema';
import type { Duck } from '../duck/duck.js';
import { hiddenOf, hiddenWithin, timestampOfId } from '../erase/hidden-entries.js';
import { erasedBy } from '../erase/tombstones.js';
import type { UnsealedEntry } from '../feed/unsealed.js';
import type { Manifest } from '../manifest/manifest.js';
import { rowsSql } from './sealed-rows.js';
import { sealedEntry, searchSealed } from './sealed-search.js';

/** Everything there is beside Redis, at one moment: an entry is in the files or unsealed, never both. */
export interface ColdView {
  readonly manifest: Manifest;
  readonly unsealed: readonly UnsealedEntry[];
  /** Why the view lacks entries; `undefined` when it lacks none. */
  readonly lack: string | undefined;
}

/** @see createColdReader */
export interface ColdReaderOptions {
  readonly duck: Duck;
  readonly folder: string;
  /** The view, with every entry that was stored when it was asked for. */
  readonly view: () => Promise<ColdView>;
}

/** Reads sealed files and what is unsealed as one. */
export function createColdReader({ duck, folder, view }: ColdReaderOptions): LogReader {
  return {
    async search(request, { signal } = {}) {
      const { window, limit, cursor, hasRoom, errorsOnly = false } = request;
      const filter = compileFilter(request.filter);
      const { manifest, unsealed, lack } = await view();
      const hidden = hiddenWithin(manifest, window);
      const search = { duck, folder, files: manifest.files, filter, window, cursor, errorsOnly, hidden };
      const isErased = erasedBy(manifest.tombstones);
      const [sealed, total] = await Promise.all([
        // One more than asked for tells whether there is another page.
        searchSealed({ ...search, limit: limit + 1, isErased, signal }),
        cursor === undefined && isErased === undefined ? countSealed(search, signal) : undefined,
      ]);
      const fresh = unsealedMatches(unsealed, { filter, window, errorsOnly });
      const found = [
        ...sealed,
        ...fresh.filter((entry) => cursor === undefined || compareNewestFirst(entry, cursor) > 0),
      ]
        .sort(compareNewestFirst)
        .slice(0, limit + 1);
      return {
        ...page(found, limit, hasRoom),
        total: total === undefined ? null : total + fresh.length,
        ...lacking(lack),
      };
    },

    async entry(id) {
      const timestamp = timestampOfId(id);
      if (!Number.isSafeInteger(timestamp)) return undefined;
      const { manifest, unsealed } = await view();
      if (hiddenOf(manifest).includes(id)) return undefined;
      const fresh = unsealed.find(({ entry }) => entry.id === id);
      if (fresh !== undefined) return fresh.entry;
      return sealedEntry(
        { duck, folder, files: manifest.files, isErased: erasedBy(manifest.tombstones) },
        id,
        timestamp,
      );
    },
  };

  /** @returns how many matches the files have, `undefined` where SQL cannot tell. */
  async function countSealed(
    search: {
      readonly filter: CompiledFilter;
      readonly window: TimeWindow;
      readonly errorsOnly: boolean;
    } & Pick<Parameters<typeof rowsSql>[0], 'files' | 'folder' | 'hidden'>,
    signal: AbortSignal | undefined,
  ): Promise<number | undefined> {
    const files = search.files.filter(({ from, to }) => from <= search.window.to && to >= search.window.from);
    if (files.length === 0) return 0;
    const { text, isExact } = rowsSql({ ...search, files });
    if (!isExact || search.filter.conditions.length + (search.errorsOnly ? 1 : 0) > 1) return undefined;
    const [row] = await duck.query(`SELECT count(*), count("whole") ${text}`, { signal });
    return Number(row?.[1]) > 0 ? undefined : Number(row?.[0]);
  }
}

/** Matches among the entries that are in no file yet. */
export function unsealedMatches(
  unsealed: readonly UnsealedEntry[],
  {
    filter,
    window,
    errorsOnly = false,
  }: { readonly filter: CompiledFilter; readonly window: TimeWindow; readonly errorsOnly?: boolean },
): Entry[] {
  const found: Entry[] = [];
  for (const { entry } of unsealed) {
    if (entry.timestamp < window.from || entry.timestamp > window.to) continue;
    if (errorsOnly && !isError(entry)) continue;
    if (filter.matches(entry)) found.push(entry);
  }
  return found;
}

/** The page of what was found newest first, of which one more than the limit may be there. */
function page(
  found: readonly Entry[],
  limit: number,
  hasRoom: SearchRequest['hasRoom'],
): Omit<SearchPage, 'total'> {
  const taken: Entry[] = [];
  let bytes = 0;
  let isCut = false;
  for (const entry of found.slice(0, limit)) {
    taken.push(entry);
    bytes += bytesOf(entry);
    if (hasRoom?.(entry) === false || bytes >= DEFAULT_MAX_PAGE_BYTES) {
      isCut = true;
      break;
    }
  }
  const last = taken.at(-1);
  const hasMore = found.length > taken.length;
  return {
    entries: taken.reverse(),
    nextCursor: hasMore && last !== undefined ? placeOf(last) : null,
    partial: isCut && hasMore && taken.length < limit,
  };
}

function placeOf({ timestamp, order = 0, id }: Entry): Cursor {
  return { timestamp, order, id };
}

function bytesOf(entry: Entry): number {
  const { message, data, error } = entry;
  return (
    message.length +
    (data ? JSON.stringify(data).length : 0) +
    (error ? JSON.stringify(error).length : 0) +
    500
  );
}

/** What a page says when it lacks entries. */
export function lacking(lack: string | undefined): { partial?: true; reason?: string } {
  return lack === undefined ? {} : { partial: true, reason: lack };
}
