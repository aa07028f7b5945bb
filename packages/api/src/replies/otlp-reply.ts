import { z } from 'zod';

/**
 * What `POST /v1/logs` replies: an ExportLogsServiceResponse. Nothing stands in it when every log record is stored.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#partial-success-1
 */
export const otlpReplySchema = z.object({
  partialSuccess: z
    .object({
      rejectedLogRecords: z
        .string()
        .describe('How many log records are not stored, and must not be sent again'),
      errorMessage: z.string().describe('Why, for the first of them'),
    })
    .optional(),
});

/** @see otlpReplySchema */
export type OtlpReply = z.output<typeof otlpReplySchema>;
