import type { CompiledFilter } from '@tailrace/query';
import type { GroupMarks } from '../errors/group-mark.js';

/** How a value is compared with the threshold. */
export const OPERATORS = ['>', '>=', '<', '<=', '==', '!='] as const;
/** @see OPERATORS */
export type Operator = (typeof OPERATORS)[number];

/** How much an alert matters, from most to least. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
/** @see SEVERITIES */
export type Severity = (typeof SEVERITIES)[number];

/** What a window without data means. */
export const NO_DATA = ['ok', 'keep', 'alert'] as const;
/** @see NO_DATA */
export type NoData = (typeof NO_DATA)[number];

/** What is measured of the entries of a window. */
export const MEASURES = [
  'count',
  'rate',
  'ratio',
  'percentile',
  'distinct',
  'average',
  'max',
  'min',
  'change',
  'absence',
  'new_errors',
  'regressed_errors',
  'new_patterns',
  'oauth_diagnosis',
  'breakglass',
] as const;
/** @see MEASURES */
export type Measure = (typeof MEASURES)[number];

/** A rule that is ready to be evaluated. Durations are milliseconds. */
export interface AlertRule {
  /** Letters, digits, `_` and `-`. */
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly severity: Severity;
  readonly runbook: string | undefined;
  /** Names of channels. */
  readonly channels: readonly string[];
  /** Stands in the file of rules; only there it can be changed. */
  readonly isOfFile: boolean;
  readonly filter: CompiledFilter;
  readonly measure: Measure;
  /** Of `ratio`: the part of the entries that is compared with all that match `filter`. */
  readonly of: CompiledFilter | undefined;
  /** Of `percentile`, `distinct`, `average`, `max` and `min`: a field of the entry, or `data.` and a path. */
  readonly field: string;
  /** Of `percentile`: 0 to 100. */
  readonly percentile: number;
  /**
   * The time before the window that it is compared with, of `change`, `new_errors` and `new_patterns`; in which flows that fail
   * in the window may have begun, of `oauth_diagnosis`; else 0.
   */
  readonly baselineMs: number;
  /** Entries below which a ratio, a percentile, an average or a change is no data. */
  readonly minCount: number;
  readonly operator: Operator;
  readonly threshold: number;
  /** A multiple of `everyMs`, as is `baselineMs`. */
  readonly windowMs: number;
  readonly everyMs: number;
  readonly delayMs: number;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly cooldownMs: number;
  readonly lateForMs: number;
  readonly groupBy: readonly string[];
  readonly maxGroups: number;
  readonly noData: NoData;
  readonly noDataForMs: number;
  /** What people say of groups of errors now. */
  readonly marks: () => GroupMarks;
  /** The condition in words: `ratio of status=5xx > 0.05 over 5m`. */
  readonly condition: string;
  /** Differs whenever windows of before and after cannot be compared: other filter, measure, window, groups. */
  readonly revision: string;
}

/** What must be known of a rule to tell of its alerts, also when the rule is gone. */
export type RuleAbout = Pick<
  AlertRule,
  | 'id'
  | 'name'
  | 'description'
  | 'severity'
  | 'runbook'
  | 'channels'
  | 'isOfFile'
  | 'groupBy'
  | 'condition'
  | 'threshold'
  | 'everyMs'
>;

/** @see RuleAbout */
export function aboutOf(rule: RuleAbout): RuleAbout {
  const {
    id,
    name,
    description,
    severity,
    runbook,
    channels,
    isOfFile,
    groupBy,
    condition,
    threshold,
    everyMs,
  } = rule;
  return {
    id,
    name,
    description,
    severity,
    runbook,
    channels,
    isOfFile,
    groupBy,
    condition,
    threshold,
    everyMs,
  };
}

/** Slots, each `everyMs` long, a window and its baseline need before its end. */
export function slotsOf({ windowMs, baselineMs, everyMs }: AlertRule): number {
  return (windowMs + baselineMs) / everyMs;
}

/** The number of the last window that ended `delayMs` before `now`: window n ends right before `n * everyMs`. */
export function lastDueWindow({ everyMs, delayMs }: AlertRule, now: number): number {
  return Math.floor((now - delayMs) / everyMs);
}
