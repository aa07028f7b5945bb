import { type AlertRule, slotsOf } from '../rules/alert-rule.js';
import { advance, firstState, type RuleState, type Transition } from './rule-state.js';
import type { Scan } from './scan.js';
import { SlotCache } from './slot-cache.js';
import { type WindowValue, windowValues } from './window-values.js';

/** What a rule would have done. */
export interface Simulation {
  readonly transitions: readonly Transition[];
  /** Windows evaluated. */
  readonly windows: number;
  readonly state: RuleState;
  /** What was measured of the group one asked for, window by window; the newest of them. */
  readonly values: readonly { readonly window: number; readonly value: WindowValue }[];
}

/** Windows taken at a time. */
const STEP = 360;
/** Transitions that are kept. */
const MAX_TRANSITIONS = 10_000;
/** Values that are kept. */
const MAX_VALUES = 2_000;

/**
 * Says what a rule would have done over a span of time, had all its entries come in time.
 *
 * @param span with a `group`, its values are kept as well
 *
 * @throws what `scan` throws; an abort's reason.
 */
export async function simulate(
  rule: AlertRule,
  span: { readonly from: number; readonly to: number; readonly group?: string | undefined },
  scan: Scan,
  signal?: AbortSignal,
): Promise<Simulation> {
  const { from, to, group } = span;
  const slots = new SlotCache(rule);
  let state = firstState(rule, from);
  const first = state.next;
  const last = Math.floor(to / rule.everyMs);
  const transitions: Transition[] = [];
  const values: { window: number; value: WindowValue }[] = [];
  while (state.next <= last) {
    signal?.throwIfAborted();
    const end = Math.min(last, state.next + STEP - 1);
    await slots.fill(state.next - slotsOf(rule), end - 1, scan);
    for (let window = state.next; group !== undefined && window <= end; window++) {
      const value = windowValues(rule, window, slots.at, new Set([group])).get(group) ?? null;
      if (window > last - MAX_VALUES) values.push({ window, value });
    }
    const step = advance(rule, state, end, slots.at);
    state = step.state;
    if (transitions.length < MAX_TRANSITIONS) transitions.push(...step.transitions);
    slots.forgetBefore(state.next - slotsOf(rule));
  }
  return { transitions, windows: Math.max(0, last - first + 1), state, values };
}
