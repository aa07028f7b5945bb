import { compileFilter } from '@tailrace/query';
import type { Entry } from '@tailrace/schema';
import { type AlertRule, lastDueWindow, slotsOf } from '../rules/alert-rule.js';
import { type Held, slotsFor } from './held.js';
import type { Scan } from './scan.js';
import { slotTaker, type Tally } from './tally.js';

/** Windows committed at a time. */
export const STEP = 360;
/** From so many rules on that need the same time, it is read once for all of them. */
const SHARED_FROM = 16;
const EVERY_ENTRY = compileFilter({});

/** Reads once what many rules need. */
export async function fillShared(mine: Held, rules: readonly AlertRule[], scan: Scan): Promise<void> {
  const bySlots = new Map<string, { from: number; to: number; everyMs: number; rules: AlertRule[] }>();
  for (const rule of rules) {
    const state = mine.states.get(rule.id)?.state;
    const due = lastDueWindow(rule, mine.now);
    if (state === undefined || state.revision !== rule.revision || state.next > due) continue;
    const slots = slotsFor(mine, rule);
    let from = Math.max(state.next, due - STEP) - slotsOf(rule);
    while (from < due && slots.has(from)) from += 1;
    if (from >= due) continue;
    const name = `${rule.everyMs} ${from} ${due}`;
    const shared = bySlots.get(name) ?? { from, to: due - 1, everyMs: rule.everyMs, rules: [] };
    shared.rules.push(rule);
    bySlots.set(name, shared);
  }
  for (const shared of bySlots.values()) {
    if (shared.rules.length < SHARED_FROM || shared.to - shared.from >= STEP) continue;
    const { from, to, everyMs } = shared;
    const takers = shared.rules.map((rule) => ({
      rule,
      take: slotTaker(rule),
      found: emptySlots(from, to),
    }));
    const window = { from: from * everyMs, to: (to + 1) * everyMs - 1 };
    await scan({ filter: EVERY_ENTRY, window }, (entry: Entry) => {
      const slot = Math.floor(entry.timestamp / everyMs);
      for (const { rule, take, found } of takers) {
        const tallies = found.get(slot);
        if (tallies !== undefined && rule.filter.matches(entry)) take(tallies, entry);
      }
    });
    for (const { rule, found } of takers) {
      const slots = slotsFor(mine, rule);
      for (const [slot, tallies] of found) slots.put(slot, tallies);
    }
  }
}

function emptySlots(from: number, to: number): Map<number, Map<string, Tally>> {
  return new Map(Array.from({ length: to - from + 1 }, (_, i) => [from + i, new Map<string, Tally>()]));
}
