import { createHash } from 'node:crypto';
import { type AlertRuleBody, baselineMs, durationMs, filterSchema } from '@tailrace/api';
import type { AlertRule, GroupMarks, Measure } from '@tailrace/insight';
import { compileFilter } from '@tailrace/query';
import { RUN_EVENTS } from '@tailrace/schema';

type FilterTexts = AlertRuleBody['filter'];

/** What else a rule needs. */
export interface RuleSetting {
  /** It stands in the file of rules. */
  readonly isOfFile: boolean;
  /** What people say of groups of errors now. */
  readonly marks: () => GroupMarks;
}

/** The events a measure is of, so that no others are read. */
const EVENTS: Readonly<Partial<Record<Measure, FilterTexts>>> = {
  oauth_diagnosis: { event: 'oauth.*' },
  breakglass: { event: [RUN_EVENTS.breakglass, RUN_EVENTS.policy] },
};

/** Makes a rule of what was written and checked. */
export function readRule(body: AlertRuleBody, { isOfFile, marks }: RuleSetting): AlertRule {
  const { id, measure, of, window, every, group_by: groupBy } = body;
  const filter = { ...EVENTS[measure], ...body.filter };
  const field = body.field ?? (measure === 'distinct' ? 'ip' : 'ms');
  const baseline = baselineMs(body);
  const compared = [
    measure,
    filter,
    of,
    field,
    body.percentile,
    baseline,
    body.min_count,
    ms(window),
    ms(every),
    groupBy,
  ];
  return {
    id,
    name: body.name ?? id,
    description: body.description,
    severity: body.severity,
    runbook: body.runbook,
    channels: body.channels,
    isOfFile,
    filter: compileFilter(filterSchema.parse(filter)),
    measure,
    of: of && compileFilter(filterSchema.parse(of)),
    field,
    percentile: body.percentile,
    baselineMs: baseline,
    marks,
    minCount: body.min_count,
    operator: body.operator,
    threshold: body.threshold,
    windowMs: ms(window),
    everyMs: ms(every),
    delayMs: ms(body.delay),
    forMs: ms(body.for),
    keepFiringForMs: ms(body.keep_firing_for),
    cooldownMs: ms(body.cooldown),
    lateForMs: ms(body.late_for),
    groupBy,
    maxGroups: body.max_groups,
    noData: body.no_data,
    noDataForMs: ms(body.no_data_for),
    condition: conditionText(body, field),
    revision: createHash('sha256').update(JSON.stringify(compared)).digest('hex').slice(0, 16),
  };
}

/** A rule in words: `ratio of status=5xx among kind=request > 0.05 over 5m`. */
function conditionText(body: AlertRuleBody, field: string): string {
  const { measure, filter, of, percentile, operator, threshold, window, group_by: groupBy, baseline } = body;
  const all = filterText(filter);
  const measured = {
    count: `count of ${all}`,
    rate: `rate per second of ${all}`,
    ratio: `ratio of ${filterText(of ?? {})} among ${all}`,
    percentile: `p${percentile} of ${field} of ${all}`,
    distinct: `distinct ${field} of ${all}`,
    average: `average ${field} of ${all}`,
    max: `max ${field} of ${all}`,
    min: `min ${field} of ${all}`,
    change: `count of ${all} by the usual of ${baseline ?? '12 windows'} before`,
    absence: `no ${all}`,
    new_errors: `new groups of errors of ${all}`,
    regressed_errors: `regressed groups of errors of ${all}`,
    new_patterns: `new patterns of ${all}`,
    oauth_diagnosis: `sign-ins that went wrong of ${all}`,
    breakglass: `breakglasses set off or used of ${all}`,
  }[measure];
  const compared = measure === 'absence' ? '' : ` ${operator} ${threshold}`;
  const groups = groupBy.length === 0 ? '' : ` by ${groupBy.join(', ')}`;
  return `${measured}${compared} over ${window}${groups}`;
}

function filterText(filter: FilterTexts): string {
  const parts = Object.entries(filter).map(([name, value]) => `${name}=${[value].flat().join(',')}`);
  return parts.length === 0 ? 'entries' : parts.join(' ');
}

function ms(text: string): number {
  return durationMs(text) ?? 0;
}
