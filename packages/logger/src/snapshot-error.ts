import { ENTRY_LIMITS, type EntryError } from '@tailrace/schema';

/** Whether a value is an error, also one from another realm. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/**
 * What is kept of an error: its type, message, stack, code, the chain of its causes and the members of an
 * AggregateError, each bounded. Reading it never throws.
 */
export function snapshotError(error: unknown): EntryError {
  return chain(error, ENTRY_LIMITS.errorCauses, new Set());
}

function chain(error: unknown, left: number, seen: Set<unknown>): EntryError {
  if (!isError(error))
    return { type: typeof error, message: clip(describe(error), ENTRY_LIMITS.errorMessageLength) };
  seen.add(error);
  const stack = read(error, 'stack');
  const code = read(error, 'code');
  const cause = read(error, 'cause');
  const members = read(error, 'errors');
  const follow = (next: unknown) => left > 1 && next !== undefined && next !== null && !seen.has(next);
  return {
    type: clip(nameOf(error), ENTRY_LIMITS.errorNameLength),
    message: clip(describe(read(error, 'message') ?? ''), ENTRY_LIMITS.errorMessageLength),
    ...(typeof stack === 'string' && { stack: clip(stack, ENTRY_LIMITS.errorStackLength) }),
    ...((typeof code === 'string' || typeof code === 'number') && {
      code: clip(String(code), ENTRY_LIMITS.errorNameLength),
    }),
    ...(follow(cause) && { cause: chain(cause, left - 1, seen) }),
    ...(Array.isArray(members) && {
      errors: members
        .filter(follow)
        .slice(0, ENTRY_LIMITS.errorCauses)
        .map((member) => chain(member, 2, seen)),
    }),
  };
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
