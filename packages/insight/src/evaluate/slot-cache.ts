import type { AlertRule } from '../rules/alert-rule.js';
import { isOfErrors } from '../rules/measured-entry.js';
import type { Scan } from './scan.js';
import { type Slot, slotTaker, type Tally } from './tally.js';

/** The slots of one rule that are counted already, in memory. What is missing is counted anew from the store. */
export class SlotCache {
  readonly #rule: AlertRule;
  readonly #slots = new Map<number, Slot>();

  constructor(rule: AlertRule) {
    this.#rule = rule;
  }

  get revision(): string {
    return this.#rule.revision;
  }

  at = (slot: number): Slot | undefined => this.#slots.get(slot);

  has(slot: number): boolean {
    return this.#slots.has(slot);
  }

  /** Counts those slots from `from` to `to` that are not counted, both included. */
  async fill(from: number, to: number, scan: Scan): Promise<void> {
    for (let start = from; start <= to; start++) {
      if (this.has(start)) continue;
      let end = start;
      while (end < to && !this.has(end + 1)) end += 1;
      await this.#count(start, end, scan);
      start = end;
    }
  }

  /** Counts slots anew. */
  async recount(slots: Iterable<number>, scan: Scan): Promise<void> {
    const sorted = [...slots].sort((a, b) => a - b);
    for (let at = 0; at < sorted.length; ) {
      let end = at;
      while (sorted[end + 1] === (sorted[end] as number) + 1) end += 1;
      await this.#count(sorted[at] as number, sorted[end] as number, scan);
      at = end + 1;
    }
  }

  /** Takes what somebody else counted. */
  put(slot: number, tallies: Slot): void {
    this.#slots.set(slot, tallies);
  }

  /** Forgets all slots before. */
  forgetBefore(slot: number): void {
    for (const known of this.#slots.keys()) if (known < slot) this.#slots.delete(known);
  }

  async #count(from: number, to: number, scan: Scan): Promise<void> {
    const { everyMs, filter } = this.#rule;
    const take = slotTaker(this.#rule);
    const found = new Map<number, Map<string, Tally>>();
    for (let slot = from; slot <= to; slot++) found.set(slot, new Map());
    const window = { from: from * everyMs, to: (to + 1) * everyMs - 1 };
    await scan({ filter, window, errorsOnly: isOfErrors(this.#rule) }, (entry) => {
      const slot = found.get(Math.floor(entry.timestamp / everyMs));
      if (slot !== undefined) take(slot, entry);
    });
    for (const [slot, tallies] of found) this.#slots.set(slot, tallies);
  }
}
