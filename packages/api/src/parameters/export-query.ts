import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../replies/reply.js';
import { logQuerySchema, refuseContradictions } from './log-query.js';
import { querySchema } from './query-schema.js';

/** What `/logs/export` can send: a JSON object a line, or RFC 4180 with a line of names. */
export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
/** @see EXPORT_FORMATS */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The query parameters of `/logs/export`. */
export const exportQuerySchema = querySchema({
  ...logQuerySchema.shape,
  limit: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .optional()
    .describe('At most this many entries. Default: all'),
  format: z
    .enum(EXPORT_FORMATS, `must be one of ${EXPORT_FORMATS.join(', ')}`)
    .default('ndjson')
    .describe('ndjson or csv. Default: ndjson'),
}).superRefine(refuseContradictions);

/** The last line of an NDJSON export that could not be finished; an entry has no field of that name. */
export const exportErrorSchema = z.object({
  export_error: z.object({
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    next_cursor: z.string().nullable().describe('Goes on with what was not sent; null: with the first entry'),
  }),
});

/** @see exportErrorSchema */
export type ExportError = z.output<typeof exportErrorSchema>;
