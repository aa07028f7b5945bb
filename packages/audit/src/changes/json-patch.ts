import type { JsonValue } from '@tailrace/schema';
import type { ValueChange } from './value-changes.js';

/** An operation of a JSON Patch (RFC 6902, section 4). */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string };

/** The JSON Patch (RFC 6902) that makes of the values before those after. */
export function jsonPatchOf(changes: readonly ValueChange[]): PatchOperation[] {
  return changes.map(({ path, from, to }) => {
    if (to === undefined) return { op: 'remove', path };
    return { op: from === undefined ? 'add' : 'replace', path, value: to };
  });
}
