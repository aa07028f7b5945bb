import { isEventId, MAX_LAST } from '@tailrace/schema';
import { z } from 'zod';
import { filterShape } from './filter-shape.js';
import { querySchema } from './query-schema.js';

/** The query parameters of `/logs/stream`. */
export const streamQuerySchema = querySchema({
  ...filterShape,
  after: z
    .string()
    .refine(isEventId, 'must be the id of an earlier event, such as 1705314645123-0')
    .optional()
    .describe('Id of the last event already seen. Default: from now on'),
  tail: z
    .string()
    .refine(isTail, `must be a whole number from 0 to ${MAX_LAST}`)
    .transform(Number)
    .optional()
    .describe(`Begin with so many of the last matches, 0 to ${MAX_LAST}`),
});

function isTail(text: string): boolean {
  return /^\d{1,4}$/.test(text) && Number(text) <= MAX_LAST;
}
