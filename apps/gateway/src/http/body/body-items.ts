import type { EndpointBodyKind } from '@tailrace/api';
import { z } from 'zod';
import { RequestError } from '../errors/request-error.js';
import { shownValue } from '../errors/shown-value.js';
import { mapInSlices } from '../slices.js';

/**
 * Checks a body by what its endpoint takes: all of it is right, or nothing is taken.
 *
 * @returns the item, or a list of items where the endpoint takes several
 * @throws RequestError naming the field, its value and what is allowed.
 */
export async function readItems(kind: EndpointBodyKind, body: unknown): Promise<unknown> {
  const { maxItems } = kind;
  if (maxItems === undefined) return readItem(kind, body, '');
  const isArray = Array.isArray(body);
  const items: readonly unknown[] = isArray ? body : [body];
  if (items.length > maxItems) {
    const message = `the body has ${items.length} entries; allowed: ${maxItems} in one request`;
    throw new RequestError('invalid_body', message);
  }
  return mapInSlices(items, (item, i) => readItem(kind, item, isArray ? `[${i}]` : ''));
}

/** @param place the item's place in the body, such as `[3]`; nothing when it is the body */
function readItem({ schema, of, invalid }: EndpointBodyKind, item: unknown, place: string): unknown {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues as [z.core.$ZodIssue];
  if (issue.code === 'unrecognized_keys') {
    const allowed =
      schema instanceof z.ZodObject ? Object.keys(schema.shape).join(', ') : 'what is described';
    throw new RequestError(
      invalid,
      `${shownValue(issue.keys[0])} is no part of ${of}; allowed: ${allowed}`,
      issue.keys[0],
    );
  }
  if (issue.path.length === 0) {
    const message = `${place || 'the body'} is ${shownValue(item)}; allowed: ${of}, as a JSON object`;
    throw new RequestError(invalid, message, place || undefined);
  }
  const field = [...(place === '' ? [] : [place]), ...issue.path.map(String)].join('.');
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const isName = issue.code === 'invalid_key';
  const value = isName ? issue.path.at(-1) : valueAt(item, issue.path);
  throw new RequestError(invalid, `${field} is ${shownValue(value)}: ${message}`, field);
}

function valueAt(item: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Record<PropertyKey, unknown> | undefined)?.[name], item);
}
