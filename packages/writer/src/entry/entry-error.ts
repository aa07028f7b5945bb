import { ENTRY_LIMITS, type EntryError } from '@tailrace/schema';
import { snapshotError } from '../record/snapshot-error.js';
import type { Redactor } from '../redaction/redactor.js';

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
  return {
    type: redactor.text(type).slice(0, ENTRY_LIMITS.errorNameLength),
    message: redactor.text(message).slice(0, ENTRY_LIMITS.errorMessageLength),
    ...(typeof stack === 'string' && { stack: redactor.text(stack).slice(0, ENTRY_LIMITS.errorStackLength) }),
    ...((typeof code === 'string' || typeof code === 'number') && {
      code: String(redactor.member('code', code)).slice(0, ENTRY_LIMITS.errorNameLength),
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
