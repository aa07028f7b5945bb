import { ENTRY_LIMITS, TEXT_LIMITS } from '@tailrace/schema';
import { type CopyBudget, copyBudget, detach, spendNode, spentBytes } from './copy-budget.js';
import { copyError } from './copy-error.js';
import { copyValue, nameText } from './copy-value.js';
import { FIELD_BYTES, LETTER_BYTES, RECORD_BYTES } from './heap-bytes.js';
import { isError } from './is-error.js';
import { setOwn } from './own-property.js';
import { plainForm } from './plain-form.js';
import { readMember, reasonOf } from './read-member.js';

/** A copy that nothing the caller does later can change. */
export interface Snapshot {
  readonly fields: Record<string, unknown>;
  /** Heap bytes of a record with this copy, at most about, for the queue's bound. */
  readonly bytes: number;
  /** Whether something was too deep, too long or too much. */
  readonly truncated: boolean;
}

/** More fields than this are copied one by one against a budget. */
const MANY_FIELDS = 128;
/** Names longer than this count as texts. */
const LONG_NAME = 64;
/** As do names that are longer than this in all. */
const LONG_NAMES = MANY_FIELDS * LONG_NAME;
/** Texts longer than this in all are cut at the call, so that the queue never holds them. */
const LONG_TEXT = ENTRY_LIMITS.dataLength;

/**
 * Copies what a log call was given. Never throws: a getter that throws, a hostile Proxy, a cycle, a BigInt leave a
 * note in place of the value. An error in place of fields is their `error`, a Map its entries, any other value `value`.
 */
export function snapshotFields(given: unknown): Snapshot {
  if (typeof given !== 'object' || given === null) {
    return snapshotPairs(given === undefined || given === null ? [] : [['value', given]]);
  }
  let fields: Record<string, unknown>;
  try {
    // Asking for the prototype takes four times as long; whatever is no plain object is looked at more closely.
    if (given.constructor !== Object) return snapshotPairs(pairsOf(given));
    fields = { ...given };
  } catch (error) {
    return snapshotUnreadable(given, error);
  }
  let letters = 0;
  let names = 0;
  let count = 0;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string') letters += value.length;
    else if (typeof value !== 'number' && typeof value !== 'boolean' && value !== undefined)
      return snapshotAny(given, fields);
    names += name.length;
    count++;
  }
  if (count > MANY_FIELDS || letters > LONG_TEXT || names > LONG_NAMES) return snapshotAny(given, fields);
  return { fields, bytes: RECORD_BYTES + count * FIELD_BYTES + letters * LETTER_BYTES, truncated: false };
}

type Pairs = Iterable<readonly [unknown, unknown]>;

/** @param fields the members of what was given, read once */
function snapshotAny(given: object, fields: Record<string, unknown>): Snapshot {
  if (typeof fields.toJSON !== 'function') return snapshotPairs(Object.entries(fields));
  try {
    return snapshotPairs(pairsOf(given));
  } catch (error) {
    return snapshotUnreadable(given, error);
  }
}

/** One of the members throws when it is read, or all do. */
function snapshotUnreadable(given: object, thrown: unknown): Snapshot {
  try {
    return snapshotPairs(Object.keys(given).map((name) => [name, guarded(given, name)]));
  } catch {
    return snapshotPairs([['fields', `[Unreadable: ${reasonOf(thrown)}]`]]);
  }
}

function guarded(given: object, name: string): unknown {
  try {
    return (given as Record<string, unknown>)[name];
  } catch (error) {
    return `[Throws: ${reasonOf(error)}]`;
  }
}

/** The fields that something other than a plain object stands for. @throws what reading it throws. */
function pairsOf(given: object): Pairs {
  if (Array.isArray(given)) return [['value', given]];
  if (isError(given)) return [['error', given]];
  const form = plainForm(given);
  if (form !== undefined) return 'pairs' in form && given instanceof Map ? form.pairs : [['value', given]];
  const { toJSON } = given as { readonly toJSON?: unknown };
  if (typeof toJSON !== 'function') return Object.entries(given);
  const shown: unknown = toJSON.call(given);
  if (typeof shown !== 'object' || shown === null || Array.isArray(shown)) return [['value', shown]];
  return Object.entries(shown).filter(([name, value]) => name !== 'toJSON' || typeof value !== 'function');
}

/** Copies fields against the bounds of an entry: those of `data`, and those of `error`. */
function snapshotPairs(pairs: Pairs): Snapshot {
  const data = copyBudget(ENTRY_LIMITS.dataLength);
  const error = copyBudget(ENTRY_LIMITS.errorLength);
  const fields: Record<string, unknown> = {};
  let count = 0;
  let letters = 0;
  for (const [given, value] of pairs) {
    if (++count > ENTRY_LIMITS.dataNodes) {
      data.isCut = true;
      break;
    }
    const name = copyName(given, data);
    if (typeof value === 'string' && Object.hasOwn(TEXT_LIMITS, name)) {
      const text = copyLong(value);
      letters += text.length;
      setOwn(fields, name, text);
    } else if (name === 'error') {
      setOwn(fields, name, copyErrorField(value, error));
    } else if (isFlat(value) || spendNode(data)) {
      setOwn(fields, name, copyValue(value, data, []));
    }
  }
  const bytes =
    RECORD_BYTES +
    count * FIELD_BYTES +
    letters * LETTER_BYTES +
    spentBytes(data, ENTRY_LIMITS.dataLength) +
    spentBytes(error, ENTRY_LIMITS.errorLength);
  return { fields, bytes, truncated: data.isCut };
}

/** What takes no room but its place: such fields come in also behind a text that has used up the budget. */
function isFlat(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null;
}

/** What is a field of every entry has a bound of its own, which is kept when the entry is built. */
function copyLong(text: string): string {
  return text.length > LONG_TEXT ? detach(text.slice(0, LONG_TEXT)) : text;
}

function copyName(name: unknown, budget: CopyBudget): string {
  return typeof name === 'string' && name.length <= LONG_NAME ? name : nameText(name, budget);
}

/** Anything may be thrown; an object is taken for an error when it has a message. */
function copyErrorField(value: unknown, budget: CopyBudget): unknown {
  if (typeof value !== 'object' || value === null) return copyValue(value, budget, []);
  if (!isError(value) && typeof readMember(value, 'message') !== 'string')
    return copyValue(value, budget, []);
  return copyError(value, budget, [value], copyValue);
}
