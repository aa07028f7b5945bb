import { type AlertRule, type Operator, slotsOf } from '../rules/alert-rule.js';
import { countDiagnosed } from './diagnosed-flows.js';
import { countNew } from './new-values.js';
import { percentileOf, type Slot, sumOfSlots, type Tally } from './tally.js';

/** The value of a measure in one window; null: no data. */
export type WindowValue = number | null;

/** Reads a slot by its number: slot k is `[k * everyMs, (k + 1) * everyMs - 1]`. */
export type SlotAt = (slot: number) => Slot | undefined;

/**
 * The values of a window by group. A rule without groups has one, `''`, also without entries. Of more groups than
 * `maxGroups` those of `kept` come first, then those with most entries (with most that is new, or wrong), then by name.
 *
 * @param window its number n: it is over right before `n * everyMs`
 */
export function windowValues(
  rule: AlertRule,
  window: number,
  slotAt: SlotAt,
  kept: ReadonlySet<string> = new Set(),
): Map<string, WindowValue> {
  const { groups, countOf, valueIn } = readingOf(rule, window, slotAt);
  if (rule.groupBy.length === 0) return new Map([['', valueIn('')]]);
  const others = [...groups].filter((group) => !kept.has(group));
  const counted = others.map((group) => ({ group, count: countOf(group) }));
  counted.sort((a, b) => b.count - a.count || (a.group < b.group ? -1 : 1));
  const chosen = counted.slice(0, Math.max(0, rule.maxGroups - kept.size)).map(({ group }) => group);
  return new Map([...kept, ...chosen].map((group) => [group, valueIn(group)]));
}

/** What the slots of a window say. */
interface Reading {
  readonly groups: Iterable<string>;
  /** What the groups that matter most have most of. */
  readonly countOf: (group: string) => number;
  readonly valueIn: (group: string) => WindowValue;
}

function readingOf(rule: AlertRule, window: number, slotAt: SlotAt): Reading {
  const { measure, windowMs, everyMs } = rule;
  const first = window - windowMs / everyMs;
  const slots = range(first, window).map(slotAt);
  const slotsBefore = range(window - slotsOf(rule), first).map(slotAt);
  if (measure === 'oauth_diagnosis') {
    const span = { from: first * everyMs, end: window * everyMs };
    const counts = countDiagnosed(rule, [...slotsBefore, ...slots], span);
    const countOf = (group: string) => counts.get(group) ?? 0;
    return { groups: counts.keys(), countOf, valueIn: countOf };
  }
  const sums = sumOfSlots(slots);
  if (measure === 'new_errors' || measure === 'new_patterns') {
    const before = slotsBefore.reverse();
    const valueIn = (group: string) =>
      countNew(rule, sums.get(group)?.values ?? new Set(), { group, before, end: window * everyMs });
    return { groups: sums.keys(), countOf: (group) => valueIn(group) ?? 0, valueIn };
  }
  const before = sumOfSlots(slotsBefore);
  return {
    groups: new Set([...sums.keys(), ...before.keys()]),
    countOf: (group) => sums.get(group)?.count ?? 0,
    valueIn: (group) => valueOfTally(rule, sums.get(group), before.get(group)),
  };
}

/** Whether a value is what the rule warns of. */
export function isBreach({ measure, operator, threshold }: AlertRule, value: number): boolean {
  if (measure === 'absence') return value === 0;
  return COMPARISONS[operator](value, threshold);
}

const COMPARISONS: Readonly<Record<Operator, (value: number, threshold: number) => boolean>> = {
  '>': (value, threshold) => value > threshold,
  '>=': (value, threshold) => value >= threshold,
  '<': (value, threshold) => value < threshold,
  '<=': (value, threshold) => value <= threshold,
  '==': (value, threshold) => value === threshold,
  '!=': (value, threshold) => value !== threshold,
};

function valueOfTally(rule: AlertRule, tally: Tally | undefined, before: Tally | undefined): WindowValue {
  const { measure, windowMs, baselineMs, minCount, percentile } = rule;
  const count = tally?.count ?? 0;
  const valued = tally?.valued ?? 0;
  switch (measure) {
    case 'count':
    case 'absence':
    case 'breakglass':
      return count;
    case 'rate':
      return count / (windowMs / 1_000);
    case 'distinct':
    case 'regressed_errors':
      return tally?.values?.size ?? 0;
    case 'ratio':
      return count < Math.max(1, minCount) ? null : valued / count;
    case 'change': {
      const usual = ((before?.count ?? 0) * windowMs) / baselineMs;
      return usual === 0 || (before?.count ?? 0) < minCount ? null : count / usual;
    }
  }
  if (tally === undefined || valued < Math.max(1, minCount)) return null;
  if (measure === 'percentile') return percentileOf(tally.buckets, percentile);
  if (measure === 'average') return tally.sum / valued;
  return measure === 'max' ? tally.max : tally.min;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
