import { ENTRY_LIMITS } from '@tailrace/schema';
import { FIELD_BYTES, LETTER_BYTES, NODE_BYTES, RECORD_BYTES } from './heap-bytes.js';
import { setOwn } from './own-property.js';
import { errorBytes, isError, snapshotError } from './snapshot-error.js';

/** Fields as a caller gives them: entry fields by their names, anything else goes into `data`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A copy that nothing the caller does later can change. */
export interface Snapshot {
  readonly fields: Record<string, unknown>;
  /** Heap bytes of a record with this copy, at most about, for the queue's bound. */
  readonly bytes: number;
  /** Whether something was too deep, too long or too much. */
  readonly truncated: boolean;
}

/** What is left to spend on one entry's fields. */
interface Budget {
  nodes: number;
  length: number;
  /** Heap bytes of errors, which have bounds of their own. */
  errorBytes: number;
  truncated: boolean;
}

/** More fields than this are copied one by one against a budget. */
const MANY_FIELDS = 128;
/** A text longer than this is cut at the call, so that the queue never holds it. */
const LONG_TEXT = ENTRY_LIMITS.dataLength;

/**
 * Copies what a log call was given. Never throws: a getter that throws, a hostile Proxy, a cycle, a BigInt leave a
 * note in place of the value.
 */
export function snapshotFields(given: LogFields): Snapshot {
  let fields: Record<string, unknown>;
  if (typeof given !== 'object') return snapshotWithin({ value: given });
  try {
    // Spreading these would make a field of every element.
    if (Array.isArray(given) || ArrayBuffer.isView(given)) return snapshotWithin({ value: given });
    fields = { ...given };
  } catch {
    return snapshotWithin(given);
  }
  let letters = 0;
  let count = 0;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string') {
      if (value.length > LONG_TEXT) return snapshotWithin(fields);
      letters += value.length;
    } else if (typeof value !== 'number' && typeof value !== 'boolean' && value !== undefined) {
      return snapshotWithin(fields);
    }
    count++;
  }
  if (count > MANY_FIELDS) return snapshotWithin(fields);
  return { fields, bytes: RECORD_BYTES + count * FIELD_BYTES + letters * LETTER_BYTES, truncated: false };
}

function snapshotWithin(given: LogFields): Snapshot {
  const budget: Budget = {
    nodes: ENTRY_LIMITS.dataNodes,
    length: ENTRY_LIMITS.dataLength * 2,
    errorBytes: 0,
    truncated: false,
  };
  const copy = copyValue(given, budget, []);
  const fields =
    typeof copy === 'object' && copy !== null ? (copy as Record<string, unknown>) : { fields: copy };
  const letters = ENTRY_LIMITS.dataLength * 2 - budget.length;
  const nodes = ENTRY_LIMITS.dataNodes - budget.nodes;
  const bytes = RECORD_BYTES + nodes * NODE_BYTES + letters * LETTER_BYTES + budget.errorBytes;
  return { fields, bytes, truncated: budget.truncated };
}

function copyValue(value: unknown, budget: Budget, ancestors: readonly object[]): unknown {
  switch (typeof value) {
    case 'string':
      return copyText(value, budget);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
    case 'symbol':
      return copyText(value.toString(), budget);
    case 'function':
      return '[Function]';
    default:
      return value === null ? null : copyGuarded(value as object, budget, ancestors);
  }
}

function copyText(text: string, budget: Budget): string {
  const kept = text.length > budget.length ? detach(text.slice(0, Math.max(budget.length, 0))) : text;
  if (kept.length < text.length) budget.truncated = true;
  budget.length -= kept.length;
  return kept;
}

/** V8 keeps the whole of a text alive for a part of it; this copies the part. */
function detach(part: string): string {
  return Buffer.from(part, 'utf16le').toString('utf16le');
}

function copyGuarded(value: object, budget: Budget, ancestors: readonly object[]): unknown {
  try {
    return copyObject(value, budget, ancestors);
  } catch (error) {
    return `[Unreadable: ${String(error instanceof Error ? error.message : 'it throws').slice(0, 200)}]`;
  }
}

function copyObject(value: object, budget: Budget, ancestors: readonly object[]): unknown {
  if (ancestors.includes(value)) return '[Circular]';
  if (ancestors.length > ENTRY_LIMITS.dataDepth) {
    budget.truncated = true;
    return '[Too deep]';
  }
  const inside = [...ancestors, value];
  if (isError(value)) {
    const copy = snapshotError(value);
    budget.errorBytes += errorBytes(copy);
    return copy;
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp || value instanceof URL) return copyText(String(value), budget);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return copyMap(value, budget, inside);
  if (value instanceof Set) return copyArray([...value], budget, inside);
  if (Array.isArray(value)) return copyArray(value, budget, inside);
  const toJson = (value as { toJSON?: unknown }).toJSON;
  if (typeof toJson === 'function') return copyValue(toJson.call(value), budget, inside);
  return copyMembers(value, budget, inside);
}

/** As an object; as a list of pairs where an object is a key, for its text would say nothing. */
function copyMap(map: Map<unknown, unknown>, budget: Budget, ancestors: readonly object[]): unknown {
  const entries = [...map];
  if (entries.some(([key]) => typeof key === 'object' && key !== null)) {
    return copyArray(entries, budget, ancestors);
  }
  return copyEntries(
    entries.map(([key, member]) => [String(key), member]),
    budget,
    ancestors,
  );
}

function copyArray(values: readonly unknown[], budget: Budget, ancestors: readonly object[]): unknown[] {
  const copy: unknown[] = [];
  for (const value of values) {
    if (!spend(budget)) break;
    copy.push(copyValue(value, budget, ancestors) ?? null);
  }
  // Without the room that pushing leaves for more.
  return copy.slice();
}

function copyMembers(value: object, budget: Budget, ancestors: readonly object[]): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    if (!spend(budget)) break;
    let member: unknown;
    try {
      member = (value as Record<string, unknown>)[name];
    } catch (error) {
      member = `[Throws: ${String(error instanceof Error ? error.message : error).slice(0, 200)}]`;
    }
    setOwn(copy, copyText(name, budget), copyValue(member, budget, ancestors));
  }
  return copy;
}

function copyEntries(
  entries: readonly (readonly [string, unknown])[],
  budget: Budget,
  ancestors: readonly object[],
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, member] of entries) {
    if (!spend(budget)) break;
    setOwn(copy, copyText(name, budget), copyValue(member, budget, ancestors));
  }
  return copy;
}

function spend(budget: Budget): boolean {
  if (budget.nodes > 0 && budget.length > 0) {
    budget.nodes--;
    return true;
  }
  budget.truncated = true;
  return false;
}
