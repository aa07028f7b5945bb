import type { Entry } from '@tailrace/schema';
import type { Steps } from './counts.js';
import { lineOf } from './streams.js';

/** Lines that differ in what varies alone, and when they were. */
export interface LinePattern {
  readonly pattern: string;
  readonly level: string;
  /** Epoch seconds, and how many lines in the step that begins there. */
  readonly samples: readonly (readonly [seconds: number, count: number])[];
}

const MAX_PATTERNS = 50;
const MAX_PATTERN_LENGTH = 300;
/** Words with a digit in them: numbers, addresses, ids, times, sizes. */
const VARYING = /[^\s"'=:,;()[\]{}<>]*\d[^\s"'=,;()[\]{}<>]*/g;

/** The patterns of lines, most frequent first. */
export function patternsOf(entries: readonly Entry[], { startMs, stepMs }: Steps): LinePattern[] {
  const found = new Map<
    string,
    { readonly pattern: string; readonly level: string; readonly counts: Map<number, number> }
  >();
  for (const entry of entries) {
    const [first = ''] = lineOf(entry).slice(0, MAX_PATTERN_LENGTH).split('\n', 1);
    const pattern = first.replace(VARYING, '<_>');
    const level = entry.level.toLowerCase();
    const key = `${level} ${pattern}`;
    const known = found.get(key) ?? { pattern, level, counts: new Map<number, number>() };
    found.set(key, known);
    const step = Math.floor((startMs + Math.floor((entry.timestamp - startMs) / stepMs) * stepMs) / 1000);
    known.counts.set(step, (known.counts.get(step) ?? 0) + 1);
  }
  const total = (counts: ReadonlyMap<number, number>) =>
    [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [...found.values()]
    .sort((a, b) => total(b.counts) - total(a.counts))
    .slice(0, MAX_PATTERNS)
    .map(({ pattern, level, counts }) => ({
      pattern,
      level,
      samples: [...counts].sort(([a], [b]) => a - b),
    }));
}
