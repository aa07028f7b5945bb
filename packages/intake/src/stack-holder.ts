import { ENTRY_LIMITS } from '@tailrace/schema';
import type { Outcome } from './intake.js';
import type { Reason } from './parsed-line.js';

const STACK_LINE = /^(?:\s+at |\s*\.\.\. \d+ |Caused by: |\s+Suppressed: )/;
const EXCEPTION = /(?:^|: )([\w.$]{1,200}(?:Exception|Error|Throwable)[\w$]{0,50})(?:: ([\s\S]*))?$/;

type Held = Extract<Outcome, { entry: unknown }>;

/** Holds the last entry back while lines of its stack trace follow. */
export class StackHolder {
  #held: Held | undefined;
  #lines: string[] = [];
  #length = 0;

  /** Holds an entry. */
  hold(outcome: Held): void {
    this.#held = outcome;
  }

  /** Takes a line that is part of the held entry's stack trace; `false`: it is none, or nothing is held. */
  add(text: string): boolean {
    if (this.#held === undefined || !STACK_LINE.test(text)) return false;
    if (this.#length < ENTRY_LIMITS.errorStackLength) this.#lines.push(text);
    this.#length += text.length + 1;
    return true;
  }

  /** Notes what was done to the line of the held entry. */
  repair(reasons: readonly Reason[]): void {
    if (this.#held !== undefined) {
      this.#held = { ...this.#held, repaired: [...(this.#held.repaired ?? []), ...reasons] };
    }
  }

  /** Gives the held entry up, with its stack. */
  release(): readonly Outcome[] {
    const held = this.#held;
    const lines = this.#lines;
    this.#held = undefined;
    this.#lines = [];
    this.#length = 0;
    if (held === undefined) return [];
    if (lines.length === 0) return [held];
    const { message = '' } = held.entry;
    const [, type, text] = EXCEPTION.exec(message.slice(0, 10_000)) ?? [];
    const stack = [
      ...(type === undefined ? [message] : [`${type}${text === undefined ? '' : `: ${text}`}`]),
      ...lines,
    ];
    const error = { type: type ?? 'Error', message: text ?? message, stack: stack.join('\n') };
    return [{ ...held, entry: { ...held.entry, error: held.entry.error ?? error } }];
  }
}
