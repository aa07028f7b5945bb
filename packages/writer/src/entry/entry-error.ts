import { ENTRY_LIMITS, type EntryError, type JsonValue } from '@tailrace/schema';
import { copyBudget, copyText } from '../record/copy-budget.js';
import { copyValue } from '../record/copy-value.js';
import { snapshotError } from '../record/snapshot-error.js';
import type { Redactor } from '../redaction/redactor.js';
import { cleanText, cutTo } from './clean-text.js';

/** The `error` of an entry, and what is known of its making. */
export interface BuiltError {
  readonly error: EntryError;
  readonly isCut: boolean;
  /** Code units of it, of those that `data` and `error` may have together. */
  readonly letters: number;
}

/**
 * The `error` of an entry from what stands under that name: the snapshot of an Error, an object of the same shape, or
 * anything else, whose text is then the message. Bounded, with secrets in its texts replaced.
 */
export function entryError(value: unknown, redactor: Redactor): BuiltError {
  const budget = copyBudget(ENTRY_LIMITS.errorLength);
  const clip = (text: string, limit: number) => {
    const clean = cleanText(text, limit, (read) => redactor.text(read));
    if (clean.isCut) budget.isCut = true;
    return copyText(clean.text, budget, limit);
  };
  const build = (given: unknown, causes: number): EntryError => {
    const { type, message, stack, code, cause, errors, data, truncated } = shaped(given);
    if (truncated === true) budget.isCut = true;
    const follow = causes > 1;
    return {
      type: clip(type, ENTRY_LIMITS.errorNameLength),
      message: clip(message, ENTRY_LIMITS.errorMessageLength),
      ...((typeof code === 'string' || typeof code === 'number') && {
        code: copyText(
          String(redactor.member('code', typeof code === 'string' ? cutTo(code, LONGEST_CODE) : code)),
          budget,
          ENTRY_LIMITS.errorNameLength,
        ),
      }),
      ...(typeof stack === 'string' && { stack: clip(stack, ENTRY_LIMITS.errorStackLength) }),
      ...(follow && cause !== undefined && cause !== null && { cause: build(cause, causes - 1) }),
      ...(follow &&
        Array.isArray(errors) && {
          errors: errors.slice(0, ENTRY_LIMITS.errorCauses).map((member) => build(member, MEMBER_CAUSES)),
        }),
      ...(isRecord(data) && {
        data: copyValue(redactor.data(data), budget, []) as Record<string, JsonValue>,
      }),
    };
  };
  const error = build(value, ENTRY_LIMITS.errorCauses);
  return { error, isCut: budget.isCut, letters: ENTRY_LIMITS.errorLength - budget.letters };
}

/** Letters of a code that are looked at. */
const LONGEST_CODE = 1_024;

/** A member of an AggregateError is kept with one cause. */
const MEMBER_CAUSES = 2;

/** An object with the two texts every error has; the rest of it may be anything. */
interface Shaped {
  readonly type: string;
  readonly message: string;
  readonly stack?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly data?: unknown;
  readonly truncated?: unknown;
}

function shaped(value: unknown): Shaped {
  if (typeof value !== 'object' || value === null) return { type: 'Error', message: String(value) };
  const { type, message } = value as Partial<Shaped>;
  if (typeof type === 'string' && typeof message === 'string') return value as Shaped;
  return typeof message === 'string'
    ? snapshotError(value)
    : { type: 'Error', message: JSON.stringify(value) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
