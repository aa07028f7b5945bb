import { z } from 'zod';
import { filterShape } from './filter-shape.js';
import { logQuerySchema, refuseContradictions } from './log-query.js';
import { querySchema } from './query-schema.js';

/** Hours before the window that say what is known. */
export const DEFAULT_BASELINE_HOURS = 24;
export const DEFAULT_GROUPS = 20;

const { hours, from, to } = logQuerySchema.shape;
const shape = {
  hours,
  from,
  to,
  baseline: z.coerce
    .number('must be a number of hours')
    .min(0, 'must be at least 0')
    .max(8_760, 'must be at most 8760')
    .default(DEFAULT_BASELINE_HOURS)
    .describe(
      `Hours before the window: what was seen there is not new. Default: ${DEFAULT_BASELINE_HOURS}; 0 asks for none`,
    ),
  limit: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(500, 'must be at most 500')
    .default(DEFAULT_GROUPS)
    .describe(`How many, 1 to 500. Default: ${DEFAULT_GROUPS}`),
};

/** The query parameters of `/logs/error-groups`. */
export const errorGroupsQuerySchema = querySchema({
  ...shape,
  show: z
    .enum(
      ['all', 'new', 'regressed', 'known', 'resolved', 'muted'],
      'must be all, new, regressed, known, resolved or muted',
    )
    .default('all')
    .describe('Only groups of this state. Default: all'),
  ...filterShape,
}).superRefine(refuseContradictions);

/** The query parameters of `/logs/patterns`. */
export const patternsQuerySchema = querySchema({
  ...shape,
  show: z
    .enum(['all', 'new', 'gone', 'more'], 'must be all, new, gone or more')
    .default('all')
    .describe('Only patterns that are new, gone, or three times as frequent as before. Default: all'),
  ...filterShape,
}).superRefine(refuseContradictions);
