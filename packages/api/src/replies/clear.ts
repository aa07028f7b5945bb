import { z } from 'zod';
import { filterShape } from '../parameters/filter-shape.js';
import { logQuerySchema } from '../parameters/log-query.js';
import { querySchema } from '../parameters/query-schema.js';

/** The query parameters of `DELETE /logs`. Without any, all log data is removed. */
export const clearQuerySchema = querySchema({
  before: logQuerySchema.shape.to.describe(
    'Only entries older than this: ISO 8601 with offset or epoch milliseconds',
  ),
  ...filterShape,
});

/** One line of what `DELETE /logs` replies, as NDJSON; the last one is `done` or has an `error`. */
export const clearProgressSchema = z.object({
  removed: z.number().int().describe('Entries removed so far'),
  files: z
    .object({
      unsealed: z.number().int().describe('Entries removed that were in no file yet'),
      sealed: z.number().int().describe('Entries removed from sealed files'),
      left: z.number().int().describe('Files that are still to be written without them; no read shows them'),
    })
    .optional()
    .describe(
      'What went from the archive; an entry may have been in Redis as well, and counts once in `removed`',
    ),
  done: z.boolean(),
  error: z.string().optional().describe('What ended it; what was removed stays removed'),
});

/** @see clearProgressSchema */
export type ClearProgress = z.output<typeof clearProgressSchema>;
