import type { Entry } from '@tailrace/schema';
import type { Coverage } from './coverage.js';
import type { VisitEntries } from './summary.js';

/** The slowest requests. */
export interface Slowest {
  /** Slowest first, those of equal time newest first. */
  readonly entries: readonly Entry[];
  readonly coverage: Coverage;
}

/** How many are wanted. */
export interface SlowestBounds {
  readonly limit: number;
  /** Code units of JSON behind which no further entry is kept. */
  readonly maxSize: number;
}

/** Keeps the slowest of the entries looked at; memory holds two pages of them at most. */
export async function slowestOf(
  visitEntries: VisitEntries,
  { limit, maxSize }: SlowestBounds,
): Promise<Slowest> {
  let slowest: Sized[] = [];
  let size = 0;
  let isCut = false;
  const cut = () => {
    slowest.sort(compareSlowestFirst);
    let count = 0;
    size = 0;
    while (count < Math.min(limit, slowest.length) && (count === 0 || size < maxSize)) {
      size += (slowest[count] as Sized).size;
      count += 1;
    }
    isCut ||= count < Math.min(limit, slowest.length);
    slowest = slowest.slice(0, count);
  };
  const coverage = await visitEntries((entry) => {
    const sized = { entry, size: JSON.stringify(entry).length };
    slowest.push(sized);
    size += sized.size;
    if (slowest.length >= 2 * limit || size >= 2 * maxSize) cut();
  });
  cut();
  const entries = slowest.map(({ entry }) => entry);
  if (!isCut) return { entries, coverage };
  const note = 'the entries are too large for one page: only the slowest that fit are shown';
  return { entries, coverage: { ...coverage, isExact: false, note } };
}

interface Sized {
  readonly entry: Entry;
  readonly size: number;
}

function compareSlowestFirst({ entry: a }: Sized, { entry: b }: Sized): number {
  return (b.response_time_ms ?? 0) - (a.response_time_ms ?? 0) || b.timestamp - a.timestamp;
}
