import { ENTRY_FIELDS, TEXT_LIMITS } from '@tailrace/schema';
import { setOwn } from '../record/own-property.js';

/** Where a secret stands in an entry: member names from the outside in; `*` is every member or element. */
export type SecretPath = readonly string[];

const ERROR_TEXTS = ['type', 'message', 'stack', 'code'];

/** What a path into an entry can begin with. */
const BEGINNINGS = [...Object.keys(TEXT_LIMITS), 'objects', 'error', 'data'];

/**
 * Reads `data.people.*.email`. What does not begin with a field of an entry is in `data`, as it is in a log call.
 *
 * @throws RangeError when the path is none, or what it names must stay.
 */
export function parsePath(text: string): SecretPath {
  const path = text.split('.');
  const [first = '', second] = path;
  if (path.includes('')) throw wrongPath(text, 'names with one dot between them');
  if (!ENTRY_FIELDS.has(first)) return ['data', ...path];
  if (!BEGINNINGS.includes(first)) throw wrongPath(text, `what begins with ${BEGINNINGS.join(', ')}`);
  if (first === 'objects') return ['objects', '*'];
  if (first === 'data' && second === undefined) throw wrongPath(text, 'data. and the name of a member');
  if (first === 'error' && !ERROR_TEXTS.includes(path.at(-1) ?? '')) {
    throw wrongPath(text, `error, causes, and then one of ${ERROR_TEXTS.join(', ')}`);
  }
  return path;
}

/** Those of the names that are fields of an entry, as paths. */
export function fieldPaths(names: readonly string[]): SecretPath[] {
  return names.filter((name) => Object.hasOwn(TEXT_LIMITS, name)).map((name) => [name]);
}

function wrongPath(text: string, allowed: string): RangeError {
  return new RangeError(`redact.paths has ${text}; allowed: ${allowed}`);
}

/** A copy of `holder` with what lies at the path replaced; `holder` itself where nothing does. */
export function replaceAt(
  holder: object,
  path: SecretPath,
  replace: (value: unknown, name: string) => unknown,
): object {
  const [first = '', ...rest] = path;
  const names = first === '*' ? Object.keys(holder) : Object.hasOwn(holder, first) ? [first] : [];
  let copy: Record<string, unknown> | undefined;
  for (const name of names) {
    const value = (holder as Record<string, unknown>)[name];
    const replaced = replacement(value, name, rest, replace);
    if (replaced === value) continue;
    copy ??= (Array.isArray(holder) ? [...holder] : { ...holder }) as Record<string, unknown>;
    setOwn(copy, name, replaced);
  }
  return copy ?? holder;
}

function replacement(
  value: unknown,
  name: string,
  rest: SecretPath,
  replace: (value: unknown, name: string) => unknown,
): unknown {
  if (value === null || value === undefined) return value;
  if (rest.length === 0) return replace(value, name);
  return typeof value === 'object' ? replaceAt(value, rest, replace) : value;
}
