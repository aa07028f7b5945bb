import type { AlertRule } from '../rules/alert-rule.js';
import type { StoredState } from '../store/alert-store.js';
import type { NewEntries } from './late-entries.js';
import { firstWindowOf, type RuleState } from './rule-state.js';
import { SlotCache } from './slot-cache.js';

/** How one rule stands, for figures. */
export interface RuleStatus {
  readonly rule: string;
  readonly pending: number;
  readonly firing: number;
  /** Milliseconds by which its evaluation is behind. */
  readonly lagMs: number;
}

/** What whoever holds the lease knows. */
export interface Held {
  readonly fence: number;
  now: number;
  readonly states: Map<string, StoredState>;
  readonly slots: Map<string, SlotCache>;
  /** Slots by rule that got entries after they were evaluated. */
  readonly dirty: Map<string, Set<number>>;
  cursor: string | undefined;
}

/** The counts of a rule, as it is now. */
export function slotsFor(mine: Held, rule: AlertRule): SlotCache {
  let slots = mine.slots.get(rule.id);
  if (slots === undefined || slots.revision !== rule.revision) {
    slots = new SlotCache(rule);
    mine.slots.set(rule.id, slots);
  }
  return slots;
}

/** @returns `undefined` for a rule without a state yet */
export function statusOf(rule: AlertRule, { states, now }: Held): RuleStatus | undefined {
  const state: RuleState | undefined = states.get(rule.id)?.state;
  if (state === undefined) return undefined;
  const counted = Object.values(state.groups);
  return {
    rule: rule.id,
    pending: counted.filter((group) => group.state === 'pending').length,
    firing: counted.filter((group) => group.state === 'firing').length,
    lagMs: Math.max(0, now - (state.next * rule.everyMs + rule.delayMs)),
  };
}

/** Notes which slots that are evaluated already got another entry. */
export function noteLate({ states, dirty }: Held, rule: AlertRule, { entries, isGap }: NewEntries): void {
  const state = states.get(rule.id)?.state;
  if (state === undefined) return;
  const oldest = state.next - Math.ceil(rule.lateForMs / rule.everyMs);
  const isLate = (slot: number) => slot >= oldest && firstWindowOf(slot) < state.next;
  const slots = dirty.get(rule.id) ?? new Set<number>();
  if (isGap) for (let slot = oldest; isLate(slot); slot++) slots.add(slot);
  for (const entry of entries) {
    const slot = Math.floor(entry.timestamp / rule.everyMs);
    if (isLate(slot) && !slots.has(slot) && rule.filter.matches(entry)) slots.add(slot);
  }
  if (slots.size > 0) dirty.set(rule.id, slots);
}
