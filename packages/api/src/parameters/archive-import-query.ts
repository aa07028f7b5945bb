import { MAX_RETENTION_DAYS } from '@tailrace/schema';
import { z } from 'zod';

/** The query parameters of `POST /logs/archive`. */
export const archiveImportQuerySchema = z.strictObject({
  class: z.string('must be the name of a class').describe('Class of its own: a-z, 0-9 and -, at most 32'),
  days: z.coerce
    .number('must be a number of days')
    .int()
    .min(1)
    .max(MAX_RETENTION_DAYS)
    .optional()
    .describe('How long the class is kept; a new class needs it, and a known one may be kept longer'),
});
