import { type AlertRule, aboutOf, type RuleAbout } from '../rules/alert-rule.js';
import { type GroupState, stepGroup } from './group-state.js';
import { type SlotAt, type WindowValue, windowValues } from './window-values.js';

/** A time a group fired, by the windows it began and ended in; `to` is null as long as it fires. */
export interface FiredSpan {
  readonly group: string;
  readonly from: number;
  readonly to: number | null;
}

/** Where a rule stands; what is stored of it between windows. */
export interface RuleState {
  /** @see AlertRule.revision */
  readonly revision: string;
  /** The first window it was evaluated in; late entries change nothing before. */
  readonly since: number;
  /** The first window that is not evaluated yet. */
  readonly next: number;
  /** Groups that are not ok. */
  readonly groups: Readonly<Record<string, GroupState>>;
  /** When groups fired, as far back as late entries may change something. */
  readonly spans: readonly FiredSpan[];
  /** The newest value of a rule without groups; null: no data, or groups. */
  readonly value: WindowValue;
  /** Windows that were left out because nobody evaluated for longer than is caught up. */
  readonly skipped: number;
  /** The rule as it was evaluated last. */
  readonly about: RuleAbout;
}

/** A group began or ceased to fire. */
export interface Transition {
  readonly group: string;
  readonly kind: 'firing' | 'resolved';
  /** The window it did so in. */
  readonly window: number;
  readonly state: GroupState;
  /** Entries that came late showed it. */
  readonly isLate: boolean;
  /** Why, where it was no value. */
  readonly reason?: string;
}

/** What windows did to a rule. */
export interface Advance {
  readonly state: RuleState;
  /** In the order they happened. */
  readonly transitions: readonly Transition[];
}

/** Groups whose past spans are remembered, the newest. */
const MAX_SPANS = 2_000;

/** The state of a rule nobody has evaluated: it begins with the window that is under way. */
export function firstState(rule: AlertRule, now: number): RuleState {
  const next = Math.floor(now / rule.everyMs) + 1;
  const { revision } = rule;
  return {
    revision,
    since: next,
    next,
    groups: {},
    spans: [],
    value: null,
    skipped: 0,
    about: aboutOf(rule),
  };
}

/** Takes a rule through windows up to `last`, in order. */
export function advance(rule: AlertRule, before: RuleState, last: number, slotAt: SlotAt): Advance {
  let groups = new Map(Object.entries(before.groups));
  let value = before.value;
  const spans = [...before.spans];
  const transitions: Transition[] = [];
  for (let window = before.next; window <= last; window++) {
    const values = windowValues(rule, window, slotAt, new Set(groups.keys()));
    const after = new Map<string, GroupState>();
    for (const [group, own] of values) {
      const { state, transition } = stepGroup(rule, groups.get(group), window, own);
      if (state !== undefined) after.set(group, state);
      if (transition === undefined || state === undefined) continue;
      transitions.push({ group, kind: transition, window, state, isLate: false });
      addToSpans(spans, group, transition, window);
    }
    groups = after;
    value = rule.groupBy.length === 0 ? (values.get('') ?? null) : null;
  }
  const next = Math.max(before.next, last + 1);
  const state = {
    ...before,
    next,
    groups: Object.fromEntries(groups),
    spans: keptSpans(rule, spans, next),
    value,
    about: aboutOf(rule),
  };
  return { state, transitions };
}

/** The first window that entries of a slot can change, seen from the slots that came late. */
export function firstWindowOf(slot: number): number {
  return slot + 1;
}

/**
 * What entries that came late show: windows that are evaluated already are gone through again, from `from` on, and a time
 * a group fired in that nobody noticed is added, marked late. Nothing that was told is taken back.
 */
export function replay(rule: AlertRule, before: RuleState, from: number, slotAt: SlotAt): Advance {
  const next = Math.max(from, before.since);
  const again = advance(rule, { ...before, next, groups: {}, spans: [] }, before.next - 1, slotAt);
  const groups = new Map(Object.entries(before.groups));
  const spans = [...before.spans];
  const transitions: Transition[] = [];
  for (const span of again.state.spans) {
    if (spans.some((known) => known.group === span.group && meets(rule, known, span))) continue;
    spans.push(span);
    for (const transition of again.transitions) {
      const { group, window } = transition;
      if (group !== span.group || (window !== span.from && window !== span.to)) continue;
      const state = { ...transition.state, isLate: true as const };
      transitions.push({ ...transition, state, isLate: true });
    }
  }
  for (const [group, state] of Object.entries(again.state.groups)) {
    const own = groups.get(group);
    if (own?.state === 'firing' || own?.isHeld) continue;
    const isNew = transitions.some((one) => one.group === group && one.state.episode === state.episode);
    if (state.state === 'firing' && !isNew) continue;
    if (state.state === 'resolved' && !isNew) continue;
    if (state.state === 'pending' && own !== undefined && own.episode <= state.episode) continue;
    if (state.state === 'pending' && own?.state === 'resolved') continue;
    groups.set(group, state.state === 'pending' ? state : { ...state, isLate: true });
  }
  const state = { ...before, groups: Object.fromEntries(groups), spans: keptSpans(rule, spans, before.next) };
  return { state, transitions };
}

/** Ends whatever fires, because the rule is another one now, or gone, or a person says so. */
export function endAll(before: RuleState, window: number, reason: string): readonly Transition[] {
  return Object.entries(before.groups)
    .filter(([, { state }]) => state === 'firing')
    .map(([group, state]) => ({ group, kind: 'resolved', window, state, isLate: false, reason }));
}

/** A person resolves a group that fires: it stays quiet until a window is right. @returns `undefined` when it does not fire */
export function resolveGroup(before: RuleState, group: string, reason: string): Advance | undefined {
  const own = before.groups[group];
  if (own?.state !== 'firing') return undefined;
  const window = before.next - 1;
  const state: GroupState = { ...own, state: 'resolved', resolved: window, isHeld: true };
  const spans = before.spans.map((span) =>
    span.group === group && span.to === null ? { ...span, to: window } : span,
  );
  const transition: Transition = { group, kind: 'resolved', window, state, isLate: false, reason };
  return {
    state: { ...before, groups: { ...before.groups, [group]: state }, spans },
    transitions: [transition],
  };
}

function addToSpans(spans: FiredSpan[], group: string, kind: 'firing' | 'resolved', window: number): void {
  if (kind === 'firing') {
    spans.push({ group, from: window, to: null });
    return;
  }
  const at = spans.findLastIndex((span) => span.group === group && span.to === null);
  const span = spans[at];
  if (span !== undefined) spans[at] = { ...span, to: window };
}

/** Whether two times are the same alert: they overlap, or one follows within the other's cooldown. */
function meets(rule: AlertRule, a: FiredSpan, b: FiredSpan): boolean {
  const cooling = Math.ceil(rule.cooldownMs / rule.everyMs);
  const endOf = ({ to }: FiredSpan) => (to === null ? Number.POSITIVE_INFINITY : to + cooling);
  return a.from <= endOf(b) && b.from <= endOf(a);
}

/** Windows back which late entries, and what a replay of them sees, may reach. */
export function replayReach({ lateForMs, forMs, noDataForMs, windowMs, everyMs }: AlertRule): number {
  return Math.ceil((lateForMs + Math.max(forMs, noDataForMs) + windowMs) / everyMs) + 1;
}

function keptSpans(rule: AlertRule, spans: readonly FiredSpan[], next: number): readonly FiredSpan[] {
  const reach = replayReach(rule) + Math.ceil(rule.cooldownMs / rule.everyMs);
  return spans.filter(({ to }) => to === null || to >= next - reach).slice(-MAX_SPANS);
}
