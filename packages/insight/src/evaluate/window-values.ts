import { type AlertRule, type Operator, slotsOf } from '../rules/alert-rule.js';
import { percentileOf, type Slot, sumOfSlots, type Tally } from './tally.js';

/** The value of a measure in one window; null: no data. */
export type WindowValue = number | null;

/** Reads a slot by its number: slot k is `[k * everyMs, (k + 1) * everyMs - 1]`. */
export type SlotAt = (slot: number) => Slot | undefined;

/**
 * The values of a window by group. A rule without groups has one, `''`, also without entries. Of more groups than
 * `maxGroups` those of `kept` come first, then those with most entries, then by name.
 *
 * @param window its number n: it is over right before `n * everyMs`
 */
export function windowValues(
  rule: AlertRule,
  window: number,
  slotAt: SlotAt,
  kept: ReadonlySet<string> = new Set(),
): Map<string, WindowValue> {
  const length = rule.windowMs / rule.everyMs;
  const sums = sumOfSlots(range(window - length, window).map(slotAt));
  const before =
    rule.measure === 'change'
      ? sumOfSlots(range(window - slotsOf(rule), window - length).map(slotAt))
      : undefined;
  const valueIn = (group: string) => valueOfTally(rule, sums.get(group), before?.get(group));
  if (rule.groupBy.length === 0) return new Map([['', valueIn('')]]);
  const groups = [...new Set([...sums.keys(), ...(before?.keys() ?? [])])].filter(
    (group) => !kept.has(group),
  );
  const counted = groups.map((group) => ({ group, count: sums.get(group)?.count ?? 0 }));
  counted.sort((a, b) => b.count - a.count || (a.group < b.group ? -1 : 1));
  const chosen = counted.slice(0, Math.max(0, rule.maxGroups - kept.size)).map(({ group }) => group);
  return new Map([...kept, ...chosen].map((group) => [group, valueIn(group)]));
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
      return count;
    case 'rate':
      return count / (windowMs / 1_000);
    case 'distinct':
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
