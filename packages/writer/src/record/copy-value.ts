import { ENTRY_LIMITS } from '@tailrace/schema';
import { type CopyBudget, copyText, spendNode } from './copy-budget.js';
import { copyError } from './copy-error.js';
import { isError } from './is-error.js';
import { setOwn } from './own-property.js';
import { plainForm } from './plain-form.js';
import { reasonOf } from './read-member.js';

/**
 * A copy of any value as JSON can hold it, within a budget: what exceeds it is left out, and iterables are read no
 * further. Never throws: a getter that throws, a hostile Proxy, a cycle leave a note in place of the value.
 *
 * @param ancestors the objects the value lies in: one of them again is a cycle
 */
export function copyValue(value: unknown, budget: CopyBudget, ancestors: readonly object[]): unknown {
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

/** The name a key of a Map has in a copy. Never throws. */
export function nameText(name: unknown, budget: CopyBudget): string {
  if (typeof name === 'string') return copyText(name, budget);
  // An array as a text joins all its elements.
  if (typeof name === 'object' && name !== null) return '[object]';
  return typeof name === 'function' ? '[Function]' : copyText(String(name), budget);
}

function copyGuarded(value: object, budget: CopyBudget, ancestors: readonly object[]): unknown {
  try {
    return copyObject(value, budget, ancestors);
  } catch (error) {
    return copyText(`[Unreadable: ${reasonOf(error)}]`, budget);
  }
}

function copyObject(value: object, budget: CopyBudget, ancestors: readonly object[]): unknown {
  if (ancestors.includes(value)) return '[Circular]';
  if (ancestors.length > ENTRY_LIMITS.dataDepth) {
    budget.isCut = true;
    return '[Too deep]';
  }
  const inside = [...ancestors, value];
  if (Array.isArray(value)) return copyList(value, budget, inside);
  if (isError(value)) return copyError(value, budget, inside, copyValue);
  const form = plainForm(value);
  if (form === undefined) return copyByItself(value, budget, inside);
  if ('pairs' in form) return copyPairs(form.pairs, budget, inside);
  return 'list' in form ? copyList(form.list, budget, inside) : copyValue(form.value, budget, inside);
}

/** As the object itself says it is to be shown, else by its members. */
function copyByItself(value: object, budget: CopyBudget, inside: readonly object[]): unknown {
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON !== 'function') return copyMembers(value, budget, inside);
  const shown: unknown = toJSON.call(value);
  // As with JSON.stringify, what toJSON returns is not asked again.
  if (shown === value) return copyMembers(value, budget, inside);
  const asksAgain = typeof shown === 'object' && shown !== null && 'toJSON' in shown;
  return asksAgain && plainForm(shown) === undefined && !inside.includes(shown)
    ? copyMembers(shown, budget, [...inside, shown])
    : copyValue(shown, budget, inside);
}

function copyList(values: Iterable<unknown>, budget: CopyBudget, ancestors: readonly object[]): unknown[] {
  const copy: unknown[] = [];
  for (const value of values) {
    if (!spendNode(budget)) break;
    copy.push(copyValue(value, budget, ancestors) ?? null);
  }
  // Without the room that pushing leaves for more.
  return copy.slice();
}

function copyMembers(
  value: object,
  budget: CopyBudget,
  ancestors: readonly object[],
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    if (!spendNode(budget)) break;
    let member: unknown;
    try {
      member = (value as Record<string, unknown>)[name];
    } catch (error) {
      member = `[Throws: ${reasonOf(error)}]`;
    }
    setOwn(copy, copyText(name, budget), copyValue(member, budget, ancestors));
  }
  return copy;
}

function copyPairs(
  pairs: Iterable<readonly [unknown, unknown]>,
  budget: CopyBudget,
  ancestors: readonly object[],
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, member] of pairs) {
    if (!spendNode(budget)) break;
    setOwn(copy, nameText(name, budget), copyValue(member, budget, ancestors));
  }
  return copy;
}
