import { isDeepStrictEqual } from 'node:util';
import { type Filter, filterShape } from '@tailrace/schema';
import type { z } from 'zod';
import { RequestError } from './request-error.js';
import { shownValue } from './shown-value.js';

/** A filter that stands in the path: `/logs/ip/{ip}`. */
export interface PathFilter {
  readonly field: keyof Filter;
  readonly value: string;
}

/**
 * Reads the query of a URL by a strict schema.
 *
 * @param pathFilter taken as if it stood in the query
 * @throws RequestError for a parameter that is unknown, repeated, wrong, or contradicts the path.
 */
export function parseQuery<Schema extends z.ZodObject>(
  schema: Schema,
  url: string,
  pathFilter?: PathFilter,
): z.output<Schema> {
  const given = readParameters(url);
  if (pathFilter !== undefined) {
    const { field, value } = pathFilter;
    const isBoth = given[field] !== undefined;
    if (isBoth && !isDeepStrictEqual(parseFilter(field, value), parseFilter(field, given[field]))) {
      const message = `${field} is ${shownValue(given[field])}: must not differ from the path's ${shownValue(value)}`;
      throw new RequestError('invalid_parameter', message, field);
    }
    given[field] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw parameterError(parsed.error.issues[0], given, Object.keys(schema.shape));
}

function readParameters(url: string): Record<string, string> {
  const { searchParams } = new URL(url);
  for (const name of searchParams.keys()) {
    if (searchParams.getAll(name).length > 1) {
      throw new RequestError(
        'invalid_parameter',
        `${shownValue(name)} is given more than once; allowed: once`,
        name,
      );
    }
  }
  return Object.fromEntries(searchParams);
}

function parseFilter(field: keyof Filter, value: unknown): unknown {
  const parsed = filterShape[field].safeParse(value);
  if (parsed.success) return parsed.data;
  throw parameterError(parsed.error.issues[0], { [field]: value }, [], field);
}

function parameterError(
  issue: z.core.$ZodIssue | undefined,
  given: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
  field = String(issue?.path[0] ?? ''),
): RequestError {
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    const message = `${shownValue(name)} is no parameter here; allowed: ${allowed.join(', ')}`;
    return new RequestError('invalid_parameter', message, name);
  }
  const message = `${field} is ${shownValue(given[field])}: ${issue?.message}`;
  return new RequestError('invalid_parameter', message, field);
}
