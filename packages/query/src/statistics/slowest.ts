import type { Entry } from '@tailrace/schema';
import type { Coverage } from './coverage.js';
import type { VisitEntries } from './summary.js';

/** The slowest requests. */
export interface Slowest {
  /** Slowest first, those of equal time newest first. */
  readonly entries: readonly Entry[];
  readonly coverage: Coverage;
}

/** Keeps the slowest of the entries looked at; memory holds two pages of them at most. */
export async function slowestOf(visitEntries: VisitEntries, limit: number): Promise<Slowest> {
  let slowest: Entry[] = [];
  const cut = () => {
    slowest = slowest.sort(compareSlowestFirst).slice(0, limit);
  };
  const coverage = await visitEntries((entry) => {
    slowest.push(entry);
    if (slowest.length >= 2 * limit) cut();
  });
  cut();
  return { entries: slowest, coverage };
}

function compareSlowestFirst(a: Entry, b: Entry): number {
  return (b.response_time_ms ?? 0) - (a.response_time_ms ?? 0) || b.timestamp - a.timestamp;
}
