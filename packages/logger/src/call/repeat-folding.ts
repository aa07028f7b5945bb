import type { Level } from '@tailrace/schema';
import { kindOf, shown } from '@tailrace/writer';

/** When a repeating message is folded. */
export interface FoldRepeatsOptions {
  /** Milliseconds a window lasts, 100 to 3600000. */
  readonly windowMs: number;
  /** How often a message is logged in a window before it is folded, from 1. */
  readonly maxPerWindow: number;
}

/** A message that was folded, as it is told at the end of the window. */
export interface FoldedMessage {
  readonly component: string;
  readonly level: Level;
  readonly message: string;
  /** Calls that were folded. */
  readonly count: number;
  /** Epoch milliseconds of the first and the last of them. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Bounds of what is remembered in one window; messages past them are logged as they come. */
const MAX_MESSAGES = 1_000;
const MAX_LENGTH = 1_048_576;

interface Repeated {
  readonly component: string;
  readonly level: Level;
  readonly message: string;
  seen: number;
  count: number;
  firstAt: number;
  lastAt: number;
}

/**
 * Folds what repeats: of calls with the same component, level and message, the first `maxPerWindow` of a window are
 * logged, the others counted and told as one when it ends. A window begins with the first call after the one before.
 */
export class RepeatFolding {
  readonly #options: FoldRepeatsOptions;
  readonly #give: (folded: FoldedMessage) => void;
  readonly #repeated = new Map<string, Repeated>();
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param options checked by {@link checkFoldRepeats}
   * @param give is handed each message that was folded
   */
  constructor(options: FoldRepeatsOptions, give: (folded: FoldedMessage) => void) {
    this.#options = options;
    this.#give = give;
  }

  /** @returns whether the call is to be logged; if not, it is counted. */
  keeps(component: string, level: Level, message: string, timestamp: number): boolean {
    const key = `${level} ${component.length} ${component}${message}`;
    const repeated = this.#repeated.get(key);
    if (repeated === undefined) {
      this.#remember(key, { component, level, message, seen: 1, count: 0, firstAt: 0, lastAt: 0 });
      return true;
    }
    if (repeated.seen++ < this.#options.maxPerWindow) return true;
    if (repeated.count++ === 0) repeated.firstAt = timestamp;
    repeated.lastAt = timestamp;
    return false;
  }

  /** Tells what was folded until now; the window goes on. */
  tell(): void {
    for (const repeated of this.#repeated.values()) {
      if (repeated.count === 0) continue;
      const { component, level, message, count, firstAt, lastAt } = repeated;
      repeated.count = 0;
      this.#give({ component, level, message, count, firstAt, lastAt });
    }
  }

  /** Tells what was folded and ends the window. */
  endWindow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.tell();
    this.#repeated.clear();
    this.#length = 0;
  }

  #remember(key: string, repeated: Repeated): void {
    if (this.#repeated.size >= MAX_MESSAGES || this.#length + key.length > MAX_LENGTH) return;
    this.#repeated.set(key, repeated);
    this.#length += key.length;
    this.#timer ??= setTimeout(() => this.endWindow(), this.#options.windowMs).unref();
  }
}

const RANGES: Readonly<Record<keyof FoldRepeatsOptions, readonly [number, number]>> = {
  windowMs: [100, 3_600_000],
  maxPerWindow: [1, 1_000_000],
};

/** @throws RangeError naming the option, its value and what is allowed. */
export function checkFoldRepeats(options: FoldRepeatsOptions | false): void {
  if (options === false) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new RangeError(`foldRepeats is ${kindOf(options)}; allowed: { windowMs, maxPerWindow } or false`);
  }
  for (const [name, [min, max]] of Object.entries(RANGES)) {
    const value: unknown = options[name as keyof FoldRepeatsOptions];
    if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) continue;
    throw new RangeError(
      `foldRepeats.${name} is ${shown(value)}; allowed: a whole number from ${min} to ${max}`,
    );
  }
}
