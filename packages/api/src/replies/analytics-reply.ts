import { z } from 'zod';
import { logsReplySchema } from './reply.js';

const time = z.iso.datetime();
const count = z.number().int();
const compared = z.object({
  now: z.number().nullable().describe('In the window; null: nothing to measure'),
  before: z.number().nullable().describe('In the same span of the week before'),
  change: z
    .number()
    .nullable()
    .describe('now / before - 1; null where one of them is missing or before is 0'),
});
const ranked = z.array(z.object({ value: z.string(), count, before: count })).describe('Most frequent first');

/** What `GET /api/analytics` replies. */
export const analyticsReplySchema = z.object({
  query: logsReplySchema.shape.query,
  from: time,
  to: time,
  before: z.object({ from: time, to: time }).describe('The same span a week before'),
  exact: z.boolean().describe('True: every figure is of just its span, counted one by one'),
  notes: z.array(z.string()).describe('Why figures are not exact'),
  volume: z.object({ entries: compared, requests: compared, bytes_sent: compared, visitors: compared }),
  rates: z.object({
    requests_per_second: compared,
    error_rate: compared.describe('Part of requests with status >= 400, from 0 to 1'),
  }),
  response_times: z.object({ p50_ms: compared, p90_ms: compared, p95_ms: compared, p99_ms: compared }),
  top: z.object({
    paths: ranked,
    ips: ranked,
    events: ranked.describe('Most frequent first; empty with other filters than event'),
  }),
  new_errors: z
    .array(
      z.object({
        fingerprint: z.string(),
        type: z.string().nullable(),
        code: z.string().nullable(),
        message: z.string(),
        count,
      }),
    )
    .describe('Groups of errors that the 24 hours before the window had not, most frequent first'),
});

/** @see analyticsReplySchema */
export type AnalyticsReply = z.output<typeof analyticsReplySchema>;
