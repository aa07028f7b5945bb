import { isDeepStrictEqual } from 'node:util';
import { filterShape } from '@tailrace/api';
import { takesSeveral } from '@tailrace/schema';
import type { z } from 'zod';
import { RequestError } from '../errors/request-error.js';
import { shownValue } from '../errors/shown-value.js';

/** A filter that stands in the path: `/logs/ip/{ip}`. */
export interface PathFilter {
  readonly field: keyof typeof filterShape;
  readonly value: string;
}

/**
 * Reads the query of a URL by a strict schema.
 *
 * @param pathFilter taken as if it stood in the query
 * @throws RequestError for a parameter that is unknown, wrong, repeated although it has one value, or contradicts the path.
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
  const allowed = Object.keys(schema.shape);
  // No schema says so: zod drops this name.
  if (Object.hasOwn(given, '__proto__')) throw unknownParameter('__proto__', allowed);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw parameterError(parsed.error.issues[0], given, allowed);
}

/** What is given once is a text, what is given more than once a list of them. */
function readParameters(url: string): Record<string, string | string[]> {
  const { searchParams } = new URL(url);
  const given = [...new Set(searchParams.keys())].map((name): [string, string | string[]] => {
    const values = searchParams.getAll(name);
    if (values.length === 1) return [name, values[0] as string];
    if (takesSeveral(name)) return [name, values];
    const message = `${shownValue(name)} is given more than once; allowed: once`;
    throw new RequestError('invalid_parameter', message, name);
  });
  return Object.fromEntries(given);
}

function parseFilter(field: keyof typeof filterShape, value: unknown): unknown {
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
    return unknownParameter(name, allowed);
  }
  const message = `${field} is ${shownValue(given[field])}: ${issue?.message}`;
  return new RequestError('invalid_parameter', message, field);
}

function unknownParameter(name: string, allowed: readonly string[]): RequestError {
  const message = `${shownValue(name)} is no parameter here; allowed: ${namesOf(allowed) || 'none'}`;
  return new RequestError('invalid_parameter', message, name);
}

function namesOf(parameters: readonly string[]): string {
  const plain = parameters.filter((name) => !name.endsWith('!'));
  const negated =
    plain.length < parameters.length
      ? ', data.<path>; a filter also with ! behind its name: not this value'
      : '';
  return plain.join(', ') + negated;
}
