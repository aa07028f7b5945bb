import { ENTRY_LIMITS, type EntryError } from '@tailrace/schema';
import { snapshotError } from '../call/snapshot-error.js';
import type { Redactor } from '../redaction/redactor.js';
import { cleanText, cutTo } from './clean-text.js';

/**
 * The `error` of an entry from what stands under that name: the snapshot of an Error, an object of the same shape, or
 * anything else, whose text is then the message. Bounded, with secrets in its texts replaced.
 */
export function entryError(
  value: unknown,
  redactor: Redactor,
  causes: number = ENTRY_LIMITS.errorCauses,
): EntryError {
  const { type, message, stack, code, cause, errors } = isShaped(value) ? value : untyped(value);
  const follow = causes > 1;
  const bounded = (text: string, limit: number) => cleanText(text, limit, (read) => redactor.text(read)).text;
  return {
    type: bounded(type, ENTRY_LIMITS.errorNameLength),
    message: bounded(message, ENTRY_LIMITS.errorMessageLength),
    ...(typeof stack === 'string' && { stack: bounded(stack, ENTRY_LIMITS.errorStackLength) }),
    ...((typeof code === 'string' || typeof code === 'number') && {
      code: cutTo(
        String(redactor.member('code', typeof code === 'string' ? cutTo(code, LONGEST_CODE) : code)),
        ENTRY_LIMITS.errorNameLength,
      ),
    }),
    ...(follow &&
      cause !== undefined &&
      cause !== null && { cause: entryError(cause, redactor, causes - 1) }),
    ...(follow &&
      Array.isArray(errors) && {
        errors: errors.slice(0, ENTRY_LIMITS.errorCauses).map((member) => entryError(member, redactor, 2)),
      }),
  };
}

/** Letters of a code that are looked at. */
const LONGEST_CODE = 1_024;

/** An object with the two texts every error has; the rest of it may be anything. */
interface Shaped {
  readonly type: string;
  readonly message: string;
  readonly stack?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function isShaped(value: unknown): value is Shaped {
  const shaped = value as Shaped | null;
  return typeof value === 'object' && typeof shaped?.type === 'string' && typeof shaped.message === 'string';
}

function untyped(value: unknown): Shaped {
  return { type: 'Error', message: snapshotError(value).message };
}
