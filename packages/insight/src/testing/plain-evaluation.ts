import type { Entry } from '@tailrace/schema';
import type { AlertRule } from '../rules/alert-rule.js';

/** What happened to a group in a window. */
export interface PlainEvent {
  readonly group: string;
  readonly kind: 'firing' | 'resolved';
  readonly window: number;
}

/**
 * What docs/alerts.md says of a rule, as plainly as it goes and sharing nothing with the evaluation: every window is worked
 * out from all entries, group by group, over all groups there ever are.
 */
export function plainEvaluation(
  rule: AlertRule,
  entries: readonly Entry[],
  first: number,
  last: number,
): PlainEvent[] {
  const matching = entries.filter((entry) => rule.filter.matches(entry));
  const groups =
    rule.groupBy.length === 0 ? [''] : [...new Set(matching.map((entry) => groupOf(rule, entry)))];
  const events: PlainEvent[] = [];
  for (const group of groups) {
    const own =
      rule.groupBy.length === 0 ? matching : matching.filter((entry) => groupOf(rule, entry) === group);
    events.push(...eventsOf(rule, own, { group, first, last }));
  }
  return events.sort((a, b) => a.window - b.window || (a.group < b.group ? -1 : 1));
}

function eventsOf(
  rule: AlertRule,
  entries: readonly Entry[],
  { group, first, last }: { readonly group: string; readonly first: number; readonly last: number },
): PlainEvent[] {
  const { everyMs, forMs, keepFiringForMs, cooldownMs } = rule;
  const events: PlainEvent[] = [];
  let wrongSince: number | undefined;
  let wrongKind: string | undefined;
  let isFiring = false;
  let lastWrong = 0;
  let quietUntil = Number.NEGATIVE_INFINITY;
  for (let n = first; n <= last; n++) {
    const end = n * everyMs;
    const inWindow = entries.filter(({ timestamp }) => timestamp >= end - rule.windowMs && timestamp < end);
    const value = plainValue(rule, inWindow);
    const kind =
      value === null
        ? rule.noData === 'alert'
          ? 'no data'
          : undefined
        : isWrong(rule, value)
          ? 'value'
          : undefined;
    const isHeld = value === null && rule.noData === 'keep';
    if (isFiring) {
      if (kind !== undefined) lastWrong = end;
      else if (!isHeld && end - lastWrong >= keepFiringForMs) {
        events.push({ group, kind: 'resolved', window: n });
        isFiring = false;
        wrongSince = undefined;
        quietUntil = end + cooldownMs;
      }
      continue;
    }
    if (isHeld && wrongSince !== undefined) continue;
    if (kind === undefined || end < quietUntil) {
      wrongSince = undefined;
      continue;
    }
    if (wrongSince === undefined || wrongKind !== kind) wrongSince = end;
    wrongKind = kind;
    if (end - wrongSince < (kind === 'value' ? forMs : rule.noDataForMs)) continue;
    events.push({ group, kind: 'firing', window: n });
    isFiring = true;
    lastWrong = end;
  }
  return events;
}

function plainValue(rule: AlertRule, entries: readonly Entry[]): number | null {
  if (rule.measure === 'count' || rule.measure === 'absence') return entries.length;
  if (rule.measure === 'rate') return entries.length / (rule.windowMs / 1_000);
  if (rule.measure === 'distinct') return new Set(entries.flatMap((entry) => entry.user_id ?? [])).size;
  if (rule.measure === 'ratio') {
    if (entries.length < Math.max(1, rule.minCount)) return null;
    return entries.filter((entry) => rule.of?.matches(entry)).length / entries.length;
  }
  const values = entries.flatMap((entry) => entry.response_time_ms ?? []).sort((a, b) => a - b);
  if (values.length < Math.max(1, rule.minCount)) return null;
  if (rule.measure === 'max') return values.at(-1) as number;
  if (rule.measure === 'min') return values[0] as number;
  if (rule.measure === 'average') return values.reduce((sum, value) => sum + value, 0) / values.length;
  return values[Math.ceil((rule.percentile / 100) * values.length) - 1] as number;
}

function isWrong({ measure, operator, threshold }: AlertRule, value: number): boolean {
  if (measure === 'absence') return value === 0;
  return operator === '>' ? value > threshold : value < threshold;
}

function groupOf({ groupBy }: AlertRule, entry: Entry): string {
  return JSON.stringify(
    groupBy.map((field) => String((field === 'user' ? entry.user_id : entry.component) ?? '-')),
  );
}
