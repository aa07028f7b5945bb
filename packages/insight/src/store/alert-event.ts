import { createHash } from 'node:crypto';
import type { Transition } from '../evaluate/rule-state.js';
import type { RuleAbout, Severity } from '../rules/alert-rule.js';
import { groupLabels } from '../rules/entry-value.js';

/** An alert that began or ceased to fire: what the history holds, and what a notification tells. Times are epoch ms. */
export interface AlertEvent {
  /** One for each (rule, group, episode, transition), and the same however often it is sent. */
  readonly id: string;
  /** Of the alert: of (rule, group, episode). */
  readonly alert: string;
  readonly status: 'firing' | 'resolved';
  readonly rule: string;
  readonly name: string;
  readonly description: string | null;
  readonly severity: Severity;
  readonly runbook: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly condition: string;
  readonly threshold: number;
  /** null: no data. */
  readonly value: number | null;
  /** When the window was over in which it was first wrong. */
  readonly startedAt: number;
  /** When the window was over in which it began, or ceased, to fire. */
  readonly at: number;
  readonly late: boolean;
  readonly silenced: boolean;
  /** Why, where it was no value: `no data`, `rule changed`, who resolved it. */
  readonly reason: string | null;
}

/** The id of an alert, which stands in URLs. */
export function alertId(rule: string, group: string, episode: number): string {
  return `${rule}.${group === '' ? '0' : digest(group).slice(0, 12)}.${episode}`;
}

/** The id of what is told of an alert. */
export function eventId(rule: string, group: string, episode: number, kind: string): string {
  return digest(JSON.stringify([rule, group, episode, kind])).slice(0, 32);
}

/** What a transition of a rule is, in words and times. */
export function alertEvent(rule: RuleAbout, transition: Transition, isSilenced: boolean): AlertEvent {
  const { group, kind, window, state, isLate, reason } = transition;
  return {
    id: eventId(rule.id, group, state.episode, kind),
    alert: alertId(rule.id, group, state.episode),
    status: kind,
    rule: rule.id,
    name: rule.name,
    description: rule.description ?? null,
    severity: rule.severity,
    runbook: rule.runbook ?? null,
    labels: groupLabels(rule.groupBy, group),
    condition: rule.condition,
    threshold: rule.threshold,
    value: state.value,
    startedAt: state.episode * rule.everyMs,
    at: window * rule.everyMs,
    late: isLate,
    silenced: isSilenced,
    reason: reason ?? (state.isNoData && kind === 'firing' ? 'no data' : null),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
