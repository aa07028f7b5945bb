import type { EntryError } from '@tailrace/schema';
import { readText } from './json-values.js';

/** An error as text, or as an object of the kind pino, bunyan and Tailrace write. */
export function readError(value: unknown): EntryError | undefined {
  if (typeof value === 'string') return { type: 'Error', message: value };
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, name, message, stack, code, cause, errors } = value as Record<string, unknown>;
  if (typeof message !== 'string') return undefined;
  return {
    type: readText(type) ?? readText(name) ?? 'Error',
    message,
    stack: readText(stack),
    code: readText(code),
    cause: readError(cause),
    errors: Array.isArray(errors) ? errors.flatMap((error) => readError(error) ?? []) : undefined,
  };
}

const READ = new Set(['type', 'name', 'message', 'stack', 'code', 'cause', 'errors']);

/** What {@link readError} leaves of an error object: `statusCode`, `errno` and whatever else was set on it. */
export function restOfError(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([key]) => !READ.has(key)));
}
