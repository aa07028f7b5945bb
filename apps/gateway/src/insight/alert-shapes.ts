import type { AlertEventReply, AlertReply, AlertRuleReply } from '@tailrace/api';
import {
  type AlertEvent,
  alertId,
  type GroupState,
  groupLabels,
  type RuleState,
  type Silence,
} from '@tailrace/insight';
import type { KnownRule } from './insight.js';

/** An alert as it is replied. */
export function shownAlert(
  { about, next }: RuleState,
  group: string,
  of: GroupState,
  silences: Iterable<Silence>,
): AlertReply {
  const timeOf = (window: number | undefined) =>
    window === undefined ? null : new Date(window * about.everyMs).toISOString();
  const silenced = [...silences]
    .filter(({ rule, group: one }) => rule === about.id && (one === null || one === group))
    .map(({ until }) => until);
  return {
    id: alertId(about.id, group, of.episode),
    rule: about.id,
    name: about.name,
    description: about.description ?? null,
    severity: about.severity,
    status: of.state,
    condition: about.condition,
    threshold: about.threshold,
    current_value: of.value,
    labels: groupLabels(about.groupBy, group),
    created_at: timeOf(of.episode) ?? '',
    triggered_at: timeOf(of.fired),
    resolved_at: timeOf(of.resolved),
    updated_at: timeOf(next - 1) ?? '',
    notification_sent: of.isNotified && about.channels.length > 0,
    late: of.isLate === true,
    no_data: of.isNoData,
    silenced_until: silenced.length === 0 ? null : new Date(Math.max(...silenced)).toISOString(),
    runbook: about.runbook ?? null,
  };
}

/** Something that happened to an alert, as it is replied. */
export function shownEvent(event: AlertEvent): AlertEventReply {
  const { description: _, runbook: __, startedAt, at, ...rest } = event;
  return { ...rest, started_at: new Date(startedAt).toISOString(), at: new Date(at).toISOString() };
}

/** A rule as it is replied. */
export function shownRule({ body, rule }: KnownRule, state: RuleState | undefined): AlertRuleReply {
  const isCurrent = state?.revision === rule.revision;
  const states = isCurrent ? Object.values(state.groups).map((group) => group.state) : [];
  const status = !body.enabled
    ? 'disabled'
    : !isCurrent
      ? 'new'
      : states.includes('firing')
        ? 'firing'
        : states.includes('pending')
          ? 'pending'
          : 'ok';
  return {
    rule: body,
    source: rule.isOfFile ? 'file' : 'api',
    status,
    condition: rule.condition,
    value: isCurrent ? state.value : null,
    evaluated_until:
      isCurrent && state.next > state.since ? new Date((state.next - 1) * rule.everyMs).toISOString() : null,
    skipped: isCurrent ? state.skipped : 0,
  };
}
