import { types } from 'node:util';

/** What `Object.prototype.toString` says of errors, also of another realm's. */
const ERROR_TAGS: ReadonlySet<string> = new Set(['[object Error]', '[object DOMException]']);

/**
 * Whether a value is an error: also one of another realm (a vm context, jest), or an object with the texts every error
 * has, as an error that came through JSON. Never throws.
 */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return hasTextsOfError(value);
    return (
      value instanceof Error ||
      types.isNativeError(value) ||
      ERROR_TAGS.has(Object.prototype.toString.call(value)) ||
      hasTextsOfError(value)
    );
  } catch {
    return false;
  }
}

function hasTextsOfError(value: {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
}): boolean {
  return (
    typeof value.stack === 'string' &&
    typeof value.message === 'string' &&
    typeof (value.name ?? value.type) === 'string'
  );
}
