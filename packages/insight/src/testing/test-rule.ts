import { compileFilter } from '@tailrace/query';
import type { Filter } from '@tailrace/schema';
import { NO_MARKS } from '../errors/group-mark.js';
import type { AlertRule } from '../rules/alert-rule.js';

/** What a rule of a test has otherwise. */
export type RuleChanges = Partial<Omit<AlertRule, 'filter'>> & { readonly filter?: Filter };

/** A rule of all entries, counted a minute every ten seconds; anything of it can be another. */
export function testRule(changes: RuleChanges = {}): AlertRule {
  const { filter = {}, ...rest } = changes;
  return {
    id: 'r',
    name: 'Rule',
    description: undefined,
    severity: 'warning',
    runbook: undefined,
    channels: ['ops'],
    isOfFile: false,
    filter: compileFilter(filter),
    measure: 'count',
    of: undefined,
    field: 'ms',
    percentile: 95,
    baselineMs: 0,
    marks: () => NO_MARKS,
    minCount: 1,
    operator: '>',
    threshold: 2,
    windowMs: 60_000,
    everyMs: 10_000,
    delayMs: 5_000,
    forMs: 0,
    keepFiringForMs: 0,
    cooldownMs: 0,
    lateForMs: 3_600_000,
    groupBy: [],
    maxGroups: 100,
    noData: 'ok',
    noDataForMs: 0,
    condition: 'count of entries > 2 over 1m',
    revision: JSON.stringify({ ...rest, filter }),
    ...rest,
  };
}
