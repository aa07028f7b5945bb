import { ENTRY_LIMITS, type EntryError, type JsonValue } from '@tailrace/schema';
import { type CopyBudget, copyText, READ_BEYOND } from './copy-budget.js';
import { copyErrorData } from './copy-error-data.js';
import { isError } from './is-error.js';
import { readMember } from './read-member.js';

/** What is kept of an error, as it waits in the queue. */
export interface ErrorSnapshot extends EntryError {
  /** Whether something of it was cut. */
  readonly truncated?: true;
}

/** Copies what an error holds beside its texts. */
export type CopyValue = (value: unknown, budget: CopyBudget, ancestors: readonly object[]) => unknown;

/** Members of an AggregateError are kept with one cause each. */
const MEMBER_CAUSES = 2;

/**
 * The type, message, stack and code of an error, its causes, its members and whatever else it carries, within a budget.
 * An error that is the cause of several is kept with each. Never throws.
 *
 * @param path the objects the error lies in, and the error: one of them again is a cycle
 */
export function copyError(
  error: object,
  budget: CopyBudget,
  path: readonly object[],
  copyValue: CopyValue,
): ErrorSnapshot {
  const wasCut = budget.isCut;
  budget.isCut = false;
  const copy = new ErrorCopy(budget, copyValue).chain(error, path, ENTRY_LIMITS.errorCauses);
  const { isCut } = budget;
  budget.isCut = isCut || wasCut;
  return isCut ? { ...copy, truncated: true } : copy;
}

class ErrorCopy {
  readonly #budget: CopyBudget;
  readonly #copyValue: CopyValue;

  constructor(budget: CopyBudget, copyValue: CopyValue) {
    this.#budget = budget;
    this.#copyValue = copyValue;
  }

  /** @param left errors that are still followed downwards, this one among them */
  chain(error: object, path: readonly object[], left: number): EntryError {
    const budget = this.#budget;
    budget.errors--;
    budget.nodes -= NODES_OF_ONE;
    budget.letters = Math.max(0, budget.letters - LETTERS_OF_NAMES);
    const message = readMember(error, 'message');
    const stack = readMember(error, 'stack');
    const code = readMember(error, 'code');
    const members = membersOf(error);
    const type = copyText(nameOf(error), budget, ENTRY_LIMITS.errorNameLength);
    const text = copyText(this.#text(message ?? ''), budget, ENTRY_LIMITS.errorMessageLength + READ_BEYOND);
    return {
      type,
      message: text,
      ...((typeof code === 'string' || typeof code === 'number') && {
        code: copyText(String(code), budget, ENTRY_LIMITS.errorNameLength),
      }),
      // Half of what is left, so that the messages of causes have room behind long stacks.
      ...(typeof stack === 'string' && {
        stack: copyText(
          stack,
          budget,
          Math.min(ENTRY_LIMITS.errorStackLength + READ_BEYOND, budget.letters >> 1),
        ),
      }),
      ...this.#cause(readMember(error, 'cause'), path, left),
      ...(members !== undefined && { errors: this.#members(members, path, left) }),
      ...this.#data(error, path, members !== undefined),
    };
  }

  /** What is no error and stands in the place of one. */
  #other(value: unknown, path: readonly object[]): EntryError {
    const { errorMessageLength } = ENTRY_LIMITS;
    const message = readMember(value, 'message');
    if (typeof value !== 'object' || value === null || typeof message !== 'string') {
      this.#budget.errors--;
      return { type: typeof value, message: copyText(this.#text(value), this.#budget, errorMessageLength) };
    }
    return this.chain(value, [...path, value], 1);
  }

  #cause(cause: unknown, path: readonly object[], left: number): { cause?: EntryError } {
    if (cause === undefined || cause === null || path.includes(cause as object)) return {};
    if (left <= 1 || this.#budget.errors <= 0 || this.#budget.nodes <= 0) {
      this.#budget.isCut = true;
      return {};
    }
    return { cause: this.#one(cause, path, left - 1) };
  }

  #members(members: readonly unknown[], path: readonly object[], left: number): EntryError[] {
    const kept: EntryError[] = [];
    for (const member of members) {
      if (member === undefined || member === null || path.includes(member as object)) continue;
      const hasRoom = left > 1 && this.#budget.errors > 0 && this.#budget.nodes > 0;
      if (!hasRoom || kept.length >= ENTRY_LIMITS.errorCauses) {
        this.#budget.isCut = true;
        break;
      }
      kept.push(this.#one(member, path, Math.min(left - 1, MEMBER_CAUSES)));
    }
    return kept;
  }

  #one(value: unknown, path: readonly object[], left: number): EntryError {
    return isError(value) ? this.chain(value, [...path, value], left) : this.#other(value, path);
  }

  #data(error: object, path: readonly object[], hasMembers: boolean): { data?: Record<string, JsonValue> } {
    const data = copyErrorData(error, hasMembers, this.#budget, (value) =>
      this.#copyValue(value, this.#budget, path),
    );
    return data === undefined ? {} : { data: data as Record<string, JsonValue> };
  }

  /** Any value in one line. Its copy is bounded, which the value itself may not be. */
  #text(value: unknown): string {
    if (typeof value === 'string') return value;
    if (typeof value !== 'object' || value === null) return safeText(value);
    const letters = Math.min(ENTRY_LIMITS.errorMessageLength, this.#budget.letters);
    const budget: CopyBudget = { nodes: MAX_NODES_OF_TEXT, letters, errors: 1, isCut: false };
    const copy = this.#copyValue(value, budget, []);
    if (budget.isCut) this.#budget.isCut = true;
    return typeof copy === 'string' ? copy : JSON.stringify(copy);
  }
}

/** Of the names its fields have in the copy. */
const LETTERS_OF_NAMES = 'typemessagestackcode'.length;
/** Its place, and its texts. */
const NODES_OF_ONE = 2;
const MAX_NODES_OF_TEXT = 200;

/** The members of an AggregateError, of which some may be no errors; lists of anything else are data. */
function membersOf(error: object): readonly unknown[] | undefined {
  const errors = readMember(error, 'errors');
  try {
    if (!Array.isArray(errors)) return undefined;
    const first = errors.slice(0, ENTRY_LIMITS.errorCauses + 1);
    const isData = first.length > 0 && first.every((one) => typeof one === 'object' && !isError(one));
    return isData ? undefined : first;
  } catch {
    return undefined;
  }
}

function nameOf(error: object): string {
  const own = readMember(error, 'name') ?? readMember(error, 'type');
  if (typeof own === 'string' && own !== '' && own !== 'Error') return own;
  const constructorName = readMember(readMember(error, 'constructor'), 'name');
  const isNamed =
    typeof constructorName === 'string' && constructorName !== '' && constructorName !== 'Object';
  return isNamed ? constructorName : 'Error';
}

function safeText(value: unknown): string {
  return typeof value === 'function' ? '[Function]' : String(value);
}
