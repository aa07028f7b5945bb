import type { RuleAbout } from '../rules/alert-rule.js';
import { type AlertEvent, alertEvent } from '../store/alert-event.js';
import type { OutboxItem, Silence } from '../store/alert-store.js';
import { outboxItem } from '../store/outbox-item.js';
import type { GroupState } from './group-state.js';
import type { Advance, RuleState } from './rule-state.js';

/** An advance with what it leads to: events for the history, notifications for the outbox. */
export interface Told {
  readonly state: RuleState;
  readonly events: readonly AlertEvent[];
  readonly messages: readonly OutboxItem[];
}

/**
 * Works out who is to be told what: of a firing alert once, as soon as nothing silences it; of its end whoever was told of
 * its begin.
 */
export function tell(
  rule: RuleAbout,
  { state, transitions }: Advance,
  silences: Iterable<Silence>,
  now: number,
): Told {
  const own = [...silences].filter((silence) => silence.rule === rule.id && silence.until > now);
  const isSilenced = (group: string) =>
    own.some((silence) => silence.group === null || silence.group === group);
  const told = new Set<string>();
  const events: AlertEvent[] = [];
  const messages: OutboxItem[] = [];
  const send = (event: AlertEvent, after?: AlertEvent) =>
    messages.push(...rule.channels.map((channel) => outboxItem({ event, channel, now, after: after?.id })));
  const nameOf = (group: string, episode: number) => `${episode} ${group}`;

  for (const transition of transitions) {
    const { group, state: of, kind } = transition;
    const event = alertEvent(rule, transition, isSilenced(group));
    events.push(event);
    const name = nameOf(group, of.episode);
    if (kind === 'firing' && !event.silenced) {
      told.add(name);
      send(event);
    } else if (kind === 'resolved' && (of.isNotified || told.has(name))) {
      send(event, alertEvent(rule, { ...transition, kind: 'firing' }, false));
    }
  }
  const groups: Record<string, GroupState> = {};
  for (const [group, of] of Object.entries(state.groups)) {
    const isTold = of.isNotified || told.has(nameOf(group, of.episode));
    const isDue = of.state === 'firing' && !isTold && !isSilenced(group);
    // It began under a silence that is over.
    if (isDue) {
      const window = of.fired ?? state.next - 1;
      send(alertEvent(rule, { group, kind: 'firing', window, state: of, isLate: of.isLate === true }, false));
    }
    groups[group] = isTold || isDue ? { ...of, isNotified: true } : of;
  }
  return { state: { ...state, groups }, events, messages };
}
