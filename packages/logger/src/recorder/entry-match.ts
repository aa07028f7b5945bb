import type { Entry } from '@tailrace/schema';

/** A part of a value: every member given must fit, a text by itself or by a regular expression. */
export type Expected<Value> = unknown extends Value
  ? unknown
  : Value extends string
    ? Value | RegExp
    : Value extends readonly (infer Element)[]
      ? readonly Expected<Element>[]
      : Value extends object
        ? { readonly [Name in keyof Value]?: Expected<Value[Name]> | undefined }
        : Value;

/** Which entries are meant: those a function is true for, or those that have these members. */
export type EntryMatch = ((entry: Entry) => boolean) | Expected<Entry>;

export function matchesEntry(entry: Entry, match: EntryMatch): boolean {
  return typeof match === 'function' ? match(entry) : fits(entry, match);
}

function fits(actual: unknown, expected: unknown): boolean {
  if (expected instanceof RegExp) return typeof actual === 'string' && actual.search(expected) !== -1;
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected);
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual) !== Array.isArray(expected)) {
    return false;
  }
  if (Array.isArray(expected) && expected.length !== (actual as readonly unknown[]).length) return false;
  return Object.entries(expected).every(([name, member]) =>
    fits((actual as Readonly<Record<string, unknown>>)[name], member),
  );
}
