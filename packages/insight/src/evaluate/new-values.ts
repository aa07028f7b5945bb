import { markOf } from '../errors/group-mark.js';
import { PatternMiner } from '../patterns/pattern-miner.js';
import type { AlertRule } from '../rules/alert-rule.js';
import { MAX_DISTINCT, type Slot } from './tally.js';

/**
 * How many of the values of a window are in none of the slots before it: groups of errors nobody has marked, or patterns.
 *
 * @param before the slots before the window, newest first
 * @param end the end of the window, epoch milliseconds
 * @returns null where a slot before had more values than are told apart, so that nothing can be said
 */
export function countNew(
  rule: AlertRule,
  values: ReadonlySet<string>,
  {
    group,
    before,
    end,
  }: { readonly group: string; readonly before: readonly (Slot | undefined)[]; readonly end: number },
): number | null {
  const marks = rule.marks();
  const isNew = (value: string) =>
    !before.some((slot) => slot?.get(group)?.values?.has(value)) &&
    (rule.measure !== 'new_errors' || markOf(marks, value, end) === undefined);
  const found = [...values].filter(isNew);
  if (found.length === 0) return 0;
  const known = before.flatMap((slot) => slot?.get(group)?.values ?? []);
  if (known.some(({ size }) => size >= MAX_DISTINCT)) return null;
  return rule.measure === 'new_patterns' ? countPatterns(known, found) : found.length;
}

/** Texts that are new as they stand may be of a pattern that was there. */
function countPatterns(known: readonly ReadonlySet<string>[], found: readonly string[]): number {
  const miner = new PatternMiner({ maxPatterns: MAX_DISTINCT });
  const texts = new Set(known.flatMap((seen) => [...seen]));
  for (const text of [...texts].sort()) miner.add(text, '', { timestamp: 0, isBefore: true });
  for (const text of [...found].sort()) miner.add(text, '', { timestamp: 0 });
  return miner.list().filter(({ count, before }) => count > 0 && before === 0).length;
}
