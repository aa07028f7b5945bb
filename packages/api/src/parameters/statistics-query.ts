import {
  DEFAULT_FACETS,
  FACET_FIELDS,
  type FacetName,
  HISTOGRAM_SPLITS,
  isFacetName,
  MAX_FACETS,
  TOP_FIELDS,
} from '@tailrace/schema';
import { z } from 'zod';
import { filterShape } from './filter-shape.js';
import { DEFAULT_LIMIT, logQuerySchema, refuseContradictions } from './log-query.js';
import { querySchema } from './query-schema.js';

/** In which order `/logs/slow` chooses and shows: the newest ones, oldest to newest, or the slowest ones first. */
export const SLOW_ORDERS = ['time', 'slowest'] as const;

/** Milliseconds above which a request is slow (spec 003 "Slow Request Detection"). */
export const DEFAULT_SLOW_MS = 1000;
export const DEFAULT_TOP = 10;
export const DEFAULT_BUCKETS = 60;

const { hours, from, to, limit, cursor } = logQuerySchema.shape;
const windowShape = { hours, from, to };

/** The query parameters of `/logs/stats`. */
export const statsQuerySchema = querySchema({ ...windowShape, ...filterShape }).superRefine(
  refuseContradictions,
);

/** The query parameters of `/logs/events`. */
export const eventsQuerySchema = z
  .strictObject({ ...windowShape, event: filterShape.event })
  .superRefine(refuseContradictions);

/** The query parameters of `/logs/top`. */
export const topQuerySchema = querySchema({
  ...windowShape,
  by: z.enum(TOP_FIELDS, `must be one of ${TOP_FIELDS.join(', ')}`).describe('path, ip, host or user'),
  limit: count(100)
    .default(DEFAULT_TOP)
    .describe(`How many of the most frequent, 1 to 100. Default: ${DEFAULT_TOP}`),
  ...filterShape,
}).superRefine(refuseContradictions);

/** The query parameters of `/logs/histogram`. */
export const histogramQuerySchema = querySchema({
  ...windowShape,
  buckets: count(500)
    .default(DEFAULT_BUCKETS)
    .describe(`Parts of equal length the window is cut into, 1 to 500. Default: ${DEFAULT_BUCKETS}`),
  split: z
    .enum(HISTOGRAM_SPLITS, `must be one of ${HISTOGRAM_SPLITS.join(', ')}`)
    .default('none')
    .describe('none, status (class, requests only) or level. Default: none'),
  ...filterShape,
}).superRefine(refuseContradictions);

/** The query parameters of `/logs/times`. */
export const timesQuerySchema = querySchema({
  ...windowShape,
  buckets: count(200)
    .default(DEFAULT_BUCKETS)
    .describe(`Parts of equal length the window is cut into, 1 to 200. Default: ${DEFAULT_BUCKETS}`),
  ...filterShape,
}).superRefine(refuseContradictions);

const FACET_NAMES = `${FACET_FIELDS.join(', ')}, pattern (method and path pattern), any data.<path>`;
const FACETS_RULE = `must be some of ${FACET_NAMES}, with commas between`;

/** The query parameters of `/logs/facets`. */
export const facetsQuerySchema = querySchema({
  ...windowShape,
  fields: z
    .string()
    .transform((text) => text.split(',').map((field) => field.trim()))
    .pipe(
      z
        .array(z.custom<FacetName>((name) => isFacetName(String(name)), FACETS_RULE))
        .min(1, FACETS_RULE)
        .max(MAX_FACETS, `must be at most ${MAX_FACETS}`),
    )
    .default([...DEFAULT_FACETS])
    .describe(
      `Fields, with commas between, at most ${MAX_FACETS}: ${FACET_NAMES}. Default: ${DEFAULT_FACETS.join(',')}`,
    ),
  limit: count(100)
    .default(DEFAULT_TOP)
    .describe(`How many of the most frequent of each, 1 to 100. Default: ${DEFAULT_TOP}`),
  ...filterShape,
}).superRefine(refuseContradictions);

/** The query parameters of `/logs/slow`. */
export const slowQuerySchema = querySchema({
  ...windowShape,
  threshold: z.coerce
    .number('must be a number of milliseconds')
    .min(0, 'must be at least 0')
    .max(1e9, 'must be at most 1000000000')
    .default(DEFAULT_SLOW_MS)
    .describe(`Slower than this many milliseconds. Default: ${DEFAULT_SLOW_MS}`),
  order: z
    .enum(SLOW_ORDERS, `must be one of ${SLOW_ORDERS.join(', ')}`)
    .default('time')
    .describe('time: the newest, oldest to newest; slowest: the slowest first. Default: time'),
  limit: limit.describe(`Entries, 1 to 1000. Default: ${DEFAULT_LIMIT}`),
  cursor: cursor.describe('The next_cursor of an earlier reply, with order time only'),
  ...withoutMinMs(filterShape),
})
  .superRefine(refuseContradictions)
  .superRefine((query, context) => {
    if (query.order === 'slowest' && query.cursor !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['cursor'],
        message: 'must not be given with order slowest: that is one page',
      });
    }
  });

/** `threshold` says it. */
function withoutMinMs<Shape extends { readonly min_ms: unknown }>(shape: Shape): Omit<Shape, 'min_ms'> {
  const { min_ms: _, ...rest } = shape;
  return rest;
}

function count(max: number) {
  return z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(max, `must be at most ${max}`);
}
