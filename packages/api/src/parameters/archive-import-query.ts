import { MAX_RETENTION_DAYS } from '@tailrace/schema';
import { z } from 'zod';

const DAYS_RULE = `must be a whole number from 1 to ${MAX_RETENTION_DAYS}`;

/** The query parameters of `POST /logs/archive`. */
export const archiveImportQuerySchema = z.strictObject({
  class: z.string('must be the name of a class').describe('Class of its own: a-z, 0-9 and -, at most 32'),
  days: z.coerce
    .number(DAYS_RULE)
    .int(DAYS_RULE)
    .min(1, DAYS_RULE)
    .max(MAX_RETENTION_DAYS, DAYS_RULE)
    .optional()
    .describe('How long the class is kept; a new class needs it, and a known one may be kept longer'),
});
