import { type CompiledFilter, compileFilter } from '@tailrace/query';
import type { Entry, Filter, TimeWindow } from '@tailrace/schema';
import type { Tombstone } from '../manifest/manifest.js';
import type { IsErased } from '../read/sealed-search.js';

/** @returns what says which entries of files were erased; `undefined` when none were. */
export function erasedBy(tombstones: readonly Tombstone[]): IsErased | undefined {
  if (tombstones.length === 0) return undefined;
  const checks = tombstones.map(({ filter, window, files }) => ({
    files: new Set(files),
    isErased: erasure(compileFilter(filter), window),
  }));
  return (entry, file) => checks.some(({ files, isErased }) => files.has(file) && isErased(entry));
}

/** Whether an entry is one of those to erase. */
export function erasure(filter: CompiledFilter, { from, to }: TimeWindow): (entry: Entry) => boolean {
  return (entry) => entry.timestamp >= from && entry.timestamp <= to && filter.matches(entry);
}

/** A compiled filter as it was given, for JSON. */
export function filterOf({ conditions }: CompiledFilter): Filter {
  const filter: Record<string, unknown[]> = {};
  for (const { name, values, isNegated } of conditions) {
    const key = isNegated ? `${name}!` : name;
    // Of two contraries of one field neither may hold, as of one with the values of both.
    filter[key] = [...(filter[key] ?? []), ...values];
  }
  return Object.fromEntries(
    Object.entries(filter).map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
  ) as Filter;
}
