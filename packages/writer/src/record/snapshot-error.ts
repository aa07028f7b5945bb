import { ENTRY_LIMITS, type EntryError } from '@tailrace/schema';
import { LETTER_BYTES, NODE_BYTES } from './heap-bytes.js';

/** Whether a value is an error, also one from another realm. Never throws. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
  } catch {
    return false;
  }
}

/** Errors kept of one entry, causes and members together. */
const MAX_ERRORS = 32;

/**
 * What is kept of an error: its type, message, stack, code, the chain of its causes and the members of an
 * AggregateError, each bounded. One that is the cause of several is kept with each. Reading it never throws.
 */
export function snapshotError(error: unknown): EntryError {
  return chain(error, ENTRY_LIMITS.errorCauses, [], { errors: MAX_ERRORS });
}

/** Heap bytes of what {@link snapshotError} returns, at most about. */
export function errorBytes({ type, message, stack = '', code = '', cause, errors = [] }: EntryError): number {
  const letters = type.length + message.length + stack.length + String(code).length;
  const own = 2 * NODE_BYTES + letters * LETTER_BYTES;
  const members = errors.reduce((sum, error) => sum + errorBytes(error), 0);
  return own + members + (cause === undefined ? 0 : errorBytes(cause));
}

/**
 * @param left errors that are still followed downwards, this one among them
 * @param ancestors the errors this one belongs to: one of them again would be a cycle
 */
function chain(
  error: unknown,
  left: number,
  ancestors: readonly unknown[],
  budget: { errors: number },
): EntryError {
  budget.errors--;
  if (!isError(error))
    return { type: typeof error, message: clip(describe(error), ENTRY_LIMITS.errorMessageLength) };
  const path = [...ancestors, error];
  const stack = read(error, 'stack');
  const code = read(error, 'code');
  const follows = (next: unknown) =>
    left > 1 && budget.errors > 0 && next !== undefined && next !== null && !path.includes(next);
  const cause = read(error, 'cause');
  const causeChain = follows(cause) ? chain(cause, left - 1, path, budget) : undefined;
  const members = membersOf(error);
  return {
    type: clip(nameOf(error), ENTRY_LIMITS.errorNameLength),
    message: clip(describe(read(error, 'message') ?? ''), ENTRY_LIMITS.errorMessageLength),
    ...(typeof stack === 'string' && { stack: clip(stack, ENTRY_LIMITS.errorStackLength) }),
    ...((typeof code === 'string' || typeof code === 'number') && {
      code: clip(String(code), ENTRY_LIMITS.errorNameLength),
    }),
    ...(causeChain !== undefined && { cause: causeChain }),
    ...(members !== undefined && {
      errors: members.flatMap((member) =>
        follows(member) ? [chain(member, Math.min(left - 1, 2), path, budget)] : [],
      ),
    }),
  };
}

/** The first members of an AggregateError; `undefined` for other errors. */
function membersOf(error: Error): readonly unknown[] | undefined {
  try {
    const { errors } = error as { readonly errors?: unknown };
    return Array.isArray(errors) ? errors.slice(0, ENTRY_LIMITS.errorCauses) : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(error: Error): string {
  const name = read(error, 'name');
  const constructorName = read(read(error, 'constructor'), 'name');
  if (typeof name === 'string' && name !== '' && name !== 'Error') return name;
  return typeof constructorName === 'string' && constructorName !== '' ? constructorName : 'Error';
}

function read(holder: unknown, name: string): unknown {
  try {
    return (holder as Record<string, unknown> | undefined)?.[name];
  } catch {
    return undefined;
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return typeof value === 'object' ? (JSON.stringify(value) ?? String(value)) : String(value);
  } catch {
    return '[Unreadable]';
  }
}

function clip(text: string, length: number): string {
  return text.length > length ? text.slice(0, length) : text;
}
