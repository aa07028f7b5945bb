import { type CopyBudget, copyText, spendNode } from './copy-budget.js';
import { isError } from './is-error.js';
import { setOwn } from './own-property.js';
import { plainForm } from './plain-form.js';
import { readMember } from './read-member.js';

/** What has a place of its own in the copy of an error. */
const PLACED: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'toJSON']);
/** Lists that some libraries hide from enumeration: the issues of a schema's check. */
const HIDDEN_LISTS = ['issues', 'errors'];
/** What HTTP clients hang on their errors and nobody should find in a log: the request with its headers and body. */
const OF_REQUESTS: ReadonlySet<string> = new Set(['request', 'config', 'options']);
/** What is told of a response; its body is not. */
const OF_RESPONSES = ['status', 'statusCode', 'statusText', 'statusMessage', 'url'];

/**
 * What an error carries beside its texts, causes and members: `status`, `detail`, `errno`, the issues of a check, the status
 * of a response. Of objects of other classes, such as a socket, only the class is told.
 *
 * @param hasMembers whether its `errors` are kept as errors
 * @returns `undefined` when it carries nothing else.
 */
export function copyErrorData(
  error: object,
  hasMembers: boolean,
  budget: CopyBudget,
  copy: (value: unknown) => unknown,
): Record<string, unknown> | undefined {
  let data: Record<string, unknown> | undefined;
  for (const name of namesOf(error)) {
    const value = readMember(error, name);
    if (!isTold(error, name, value, hasMembers)) continue;
    // The copy of a copy: what was data there is data here.
    if (name === 'data' && isShaped(error) && isPlain(value)) {
      data = { ...data, ...(copy(value) as Record<string, unknown>) };
      continue;
    }
    if (!spendNode(budget)) break;
    data ??= {};
    setOwn(data, copyText(name, budget), copy(toldOf(name, value)));
  }
  return data;
}

function namesOf(error: object): readonly string[] {
  try {
    const names = Object.keys(error);
    const hidden = HIDDEN_LISTS.filter(
      (name) => !names.includes(name) && Array.isArray(readMember(error, name)),
    );
    return [...names, ...hidden];
  } catch {
    return [];
  }
}

function isTold(error: object, name: string, value: unknown, hasMembers: boolean): boolean {
  if (value === undefined || typeof value === 'function' || PLACED.has(name)) return false;
  if (name === 'errors') return !hasMembers;
  if (name === 'code') return typeof value !== 'string' && typeof value !== 'number';
  if (name === 'type' || name === 'truncated') return !isShaped(error);
  return !(OF_REQUESTS.has(name) && typeof value === 'object');
}

/** Whether it is the copy of an error rather than one. */
function isShaped(error: object): boolean {
  return typeof readMember(error, 'type') === 'string' && isPlain(error);
}

function toldOf(name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (name === 'response') return responseOf(value);
  try {
    if (Array.isArray(value) || isPlain(value) || isError(value)) return value;
    return plainForm(value) === undefined ? `[${classNameOf(value)}]` : value;
  } catch {
    return value;
  }
}

function responseOf(response: object): Record<string, unknown> {
  const pairs = OF_RESPONSES.map((name) => [name, readMember(response, name)] as const);
  return Object.fromEntries(
    pairs.filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  );
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    // Of another realm's objects too.
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    return false;
  }
}

function classNameOf(value: object): string {
  const name = readMember(readMember(value, 'constructor'), 'name');
  return typeof name === 'string' && name !== '' ? name : 'object';
}
