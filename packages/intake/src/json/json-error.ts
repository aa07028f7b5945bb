import type { EntryError } from '@tailrace/schema';
import { readText } from './json-values.js';

/** Causes read at most; further ones would be cut off when stored. */
const MAX_CAUSES = 16;

/** An error as text, or as an object of the kind pino, bunyan and Tailrace write. */
export function readError(value: unknown, depth = 0): EntryError | undefined {
  if (depth > MAX_CAUSES) return undefined;
  if (typeof value === 'string') return { type: 'Error', message: value };
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, name, message, stack, code, cause, errors } = value as Record<string, unknown>;
  if (typeof message !== 'string') return undefined;
  return {
    type: readText(type) ?? readText(name) ?? 'Error',
    message,
    stack: readText(stack),
    code: readText(code),
    cause: readError(cause, depth + 1),
    errors: Array.isArray(errors)
      ? errors.slice(0, MAX_CAUSES).flatMap((error) => readError(error, depth + 1) ?? [])
      : undefined,
  };
}

const READ = new Set(['type', 'name', 'message', 'stack', 'code', 'cause', 'errors']);

/** What {@link readError} leaves of an error object: `statusCode`, `errno` and whatever else was set on it. */
export function restOfError(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([key]) => !READ.has(key)));
}

/** The error a stack trace of JavaScript, Java or .NET is of: its first line says type and message. */
export function errorOfStack(stack: string): EntryError {
  const end = stack.search(/\r?\n\s*(?:at\s|\.\.\.|Caused by:|---|-->)/);
  const head = (end === -1 ? stack : stack.slice(0, end)).replace(/^Unhandled exception\. /, '').trimEnd();
  const named = /^([A-Za-z_$][\w.$+`<>[\],/]{0,200})(?:: ([\s\S]*))?$/.exec(head);
  const isType = named !== null && (named[2] !== undefined || /[.A-Z]/.test(named[1] ?? ''));
  return isType
    ? { type: named[1] as string, message: named[2] ?? '', stack }
    : { type: 'Error', message: head, stack };
}

/** The error a traceback of Python is of: the first line behind its last frames says type and message. */
export function errorOfTraceback(text: string): EntryError {
  const lines = text.trimEnd().split(/\r?\n/);
  const start = lines.lastIndexOf('Traceback (most recent call last):');
  let at = Math.max(start + 1, 0);
  while (start !== -1 && at < lines.length && /^(\s|$)/.test(lines[at] as string)) at += 1;
  const last = start === -1 ? lines.length - 1 : at;
  const [, type, message] = /^([A-Za-z_][\w.]{0,200})(?:: (.*))?$/.exec(lines[last] ?? '') ?? [];
  if (type === undefined) return { type: 'Error', message: lines.at(-1) ?? '', stack: text };
  const more = lines
    .slice(last + 1)
    .map((line) => `\n${line}`)
    .join('');
  return { type, message: `${message ?? ''}${more}`, stack: text };
}
