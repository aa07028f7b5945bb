import { DEFAULT_COMPONENT, LEVELS, type Level } from '@tailrace/schema';
import type { LogRecord } from '@tailrace/writer';
import type { ResolvedOptions } from '../logger-options.js';
import { ComponentLevels } from './component-levels.js';
import { activeContext } from './context.js';
import { componentOf, levelOf } from './record-facts.js';
import { type FoldedMessage, RepeatFolding } from './repeat-folding.js';
import { Sampling } from './sampling.js';

/** Decides which calls are logged: by level, by sampling, and by how often they repeat. AUDIT always is. */
export class CallFilter {
  readonly levels: ComponentLevels;
  readonly #sampling: Sampling | undefined;
  readonly #folding: RepeatFolding | undefined;
  readonly #isSelective: boolean;
  /** Calls left out by a sampling rule. */
  sampled = 0;
  /** Calls that repeat too often; they are told as one. */
  folded = 0;

  /** @param giveFolded is handed each message that was folded, at the end of its window */
  constructor(
    options: Pick<ResolvedOptions, 'level' | 'levels' | 'sampling' | 'foldRepeats'>,
    giveFolded: (folded: FoldedMessage) => void,
    random: () => number,
  ) {
    this.levels = new ComponentLevels(options);
    this.#sampling = options.sampling.length > 0 ? new Sampling(options.sampling, random) : undefined;
    this.#folding = options.foldRepeats ? new RepeatFolding(options.foldRepeats, giveFolded) : undefined;
    this.#isSelective = this.#sampling !== undefined || this.#folding !== undefined;
  }

  /** Whether a `log:` call passes by its level. Only where components differ, the fields are looked at. */
  passes(level: Level, fields: unknown): boolean {
    const number = LEVELS[level];
    if (number < this.levels.lowest) return false;
    return !(number < this.levels.highest) || this.levels.passes(level, componentFrom(fields));
  }

  /** Whether every call of that level is logged, whatever it says. */
  keepsAll(level: Level): boolean {
    return !this.#isSelective && LEVELS[level] >= this.levels.highest;
  }

  /** Whether a record is logged: a request by its level, all by sampling and folding. What is not is counted. */
  keeps(record: LogRecord): boolean {
    const isRequest = record.kind === 'request';
    if (!isRequest && !this.#isSelective) return true;
    const level = levelOf(record);
    if (isRequest && LEVELS[level] < this.levels.highest && !this.levels.passes(level, componentOf(record))) {
      return false;
    }
    if (!this.#isSelective || level === 'AUDIT') return true;
    if (this.#sampling?.keeps(record, level) === false) {
      this.sampled++;
      return false;
    }
    if (this.#folding === undefined || record.message === undefined) return true;
    if (this.#folding.keeps(componentOf(record), level, record.message, record.timestamp)) return true;
    this.folded++;
    return false;
  }

  /** Tells what was folded until now. */
  tellFolded(): void {
    this.#folding?.tell();
  }

  /** Tells what was folded, and leaves no timer behind. */
  close(): void {
    this.#folding?.endWindow();
  }
}

/** The component a call's entry will have, from fields nobody has copied yet: reading them may throw. */
function componentFrom(fields: unknown): string {
  return textOr(componentIn(fields), textOr(activeContext()?.fields.component, DEFAULT_COMPONENT));
}

function componentIn(fields: unknown): unknown {
  try {
    return (fields as Readonly<Record<string, unknown>> | null | undefined)?.component;
  } catch {
    return undefined;
  }
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
