import { type DataFilters, DEFAULT_HOURS, decodeCursor } from '@tailrace/schema';
import { z } from 'zod';
import { instantSchema, textSchema } from './field-schemas.js';
import { filterShape } from './filter-shape.js';
import { querySchema } from './query-schema.js';

/** Entries a page has at most. */
export const MAX_LIMIT = 1000;
/** @default 100, spec 003 "Query Parameters" */
export const DEFAULT_LIMIT = 100;
/** Ten years: longer than any retention. */
const MAX_HOURS = 87_660;

/** Which time a query is about. */
export const windowShape = {
  hours: z.coerce
    .number('must be a number of hours')
    .gt(0, 'must be more than 0')
    .max(MAX_HOURS, `must be at most ${MAX_HOURS}`)
    .optional()
    .describe(`Hours to look back. Default: ${DEFAULT_HOURS}`),
  from: instantSchema
    .optional()
    .describe('Start of the window, included: ISO 8601 with an offset, or epoch seconds or milliseconds'),
  to: instantSchema.optional().describe('End of the window, included. Default: now'),
};

/** Which page of what is found. */
export const pageShape = {
  limit: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(MAX_LIMIT, `must be at most ${MAX_LIMIT}`)
    .default(DEFAULT_LIMIT)
    .describe(`Entries a page, 1 to ${MAX_LIMIT}. Default: ${DEFAULT_LIMIT}`),
  cursor: textSchema(decodeCursor, 'must be a next_cursor of an earlier reply')
    .optional()
    .describe('The next_cursor of an earlier reply: go on from there'),
};

/** The query parameters of every endpoint that replies with entries. Unknown parameters are refused. */
export const logQuerySchema = querySchema({ ...windowShape, ...pageShape, ...filterShape }).superRefine(
  refuseContradictions,
);

/** @see logQuerySchema */
export type LogQuery = z.output<typeof logQuerySchema> & DataFilters;

interface GivenBounds {
  readonly hours?: number | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly min_ms?: number | undefined;
  readonly max_ms?: number | undefined;
}

/** Refuses parameters that exclude each other, of those a query has: a window said twice or that ends before it begins. */
export function refuseContradictions(query: GivenBounds, context: z.core.$RefinementCtx): void {
  if (query.hours !== undefined && query.from !== undefined) {
    context.addIssue({ code: 'custom', path: ['hours'], message: 'must not be given together with from' });
  }
  if (query.from !== undefined && query.to !== undefined && query.from > query.to) {
    context.addIssue({ code: 'custom', path: ['from'], message: 'must not be later than to' });
  }
  if (query.min_ms !== undefined && query.max_ms !== undefined && query.min_ms > query.max_ms) {
    context.addIssue({ code: 'custom', path: ['min_ms'], message: 'must not be more than max_ms' });
  }
}
