import type { Client } from '@tailrace/client';
import { client } from '../state/api.js';
import type { Window } from '../state/time-range.js';

export type AlertsReply = Awaited<ReturnType<typeof askAlerts>>;
export type Alert = AlertsReply['alerts'][number];
type AlertEvent = AlertsReply['history'][number];
export type RulesReply = Awaited<ReturnType<typeof askRules>>;
export type KnownRule = RulesReply['rules'][number];
type Call = NonNullable<Parameters<Client['search']>[1]>;

/** Parts of the page, by name and title. */
export const ALERT_PARTS = [
  ['alerts', 'Alerts'],
  ['rules', 'Rules'],
] as const;
/** Events of the history that are asked for; the gateway gives no more. */
export const MOST_EVENTS = 1_000;

/** An alert as the page shows it, active or over. Times are epoch milliseconds. */
export interface ShownAlert
  extends Pick<Alert, 'id' | 'rule' | 'name' | 'severity' | 'condition' | 'threshold' | 'labels' | 'late'> {
  readonly status: Alert['status'];
  readonly value: number | null;
  readonly began: number;
  readonly fired: number | undefined;
  readonly resolved: number | undefined;
  /** Why it ended, or fired, where it was no value. */
  readonly reason: string | null;
  /** The alert, while the gateway still follows it. */
  readonly active: Alert | undefined;
}

export function askAlerts(call: Call = {}) {
  return client.ask('GET /api/alerts', { query: { limit: MOST_EVENTS }, ...call });
}

export function askRules(call: Call = {}) {
  return client.ask('GET /api/alerts/rules', call);
}

/** Alerts that are pending or firing. */
export function activeAlerts({ alerts }: AlertsReply): ShownAlert[] {
  return alerts.map((alert) => ({
    ...alert,
    value: alert.current_value,
    began: Date.parse(alert.created_at),
    fired: momentOf(alert.triggered_at),
    resolved: undefined,
    reason: alert.no_data ? 'no data' : null,
    active: alert,
  }));
}

/** Alerts that are over, newest first. */
export function pastAlerts({ alerts, history }: AlertsReply): ShownAlert[] {
  const isActive = new Set(alerts.map(({ id }) => id));
  const events = new Map<string, AlertEvent[]>();
  for (const event of history) {
    if (!isActive.has(event.alert)) events.set(event.alert, [...(events.get(event.alert) ?? []), event]);
  }
  return [...events.values()].flatMap((of) => {
    const fired = of.find(({ status }) => status === 'firing');
    const resolved = of.find(({ status }) => status === 'resolved');
    const told = fired ?? resolved;
    if (told === undefined) return [];
    return {
      ...told,
      id: told.alert,
      status: 'resolved' as const,
      began: Date.parse(told.started_at),
      fired: momentOf(fired?.at),
      resolved: momentOf(resolved?.at),
      reason: resolved?.reason ?? fired?.reason ?? null,
      active: undefined,
    };
  });
}

/** Whether an alert was there at some moment of a window. */
export function wasIn({ began, resolved }: ShownAlert, { from, to }: Window): boolean {
  return began <= to && (resolved ?? Number.POSITIVE_INFINITY) >= from;
}

/** A value as a rule measures it: `0.12`, `1,204`. */
export function valueText(value: number | null): string {
  if (value === null) return 'no data';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString() : String(Number(value.toPrecision(3)));
}

/** `component a, client web`. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** Milliseconds of `30s`, `5m`, `1h`, as rules have them. */
export function durationMs(text: string): number {
  const [, count = '0', unit = 'ms'] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  return Number(count) * ({ ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? 0);
}

function momentOf(text: string | null | undefined): number | undefined {
  return text === null || text === undefined ? undefined : Date.parse(text);
}
