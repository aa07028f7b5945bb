import { z } from 'zod';
import { logsReplySchema } from './reply.js';

const count = z.number().int();
const counts = z.record(z.string(), count);
const query = logsReplySchema.shape.query;
const milliseconds = z.number().nullable().describe('null when nothing was timed');

/**
 * What a group of figures is about. Counters are kept by the hour and histograms by the minute, so a long window is
 * rounded outwards to those, and what is no longer kept cannot be counted.
 */
const coverageShape = {
  from: z.iso.datetime().describe('The time the figures cover, both ends included'),
  to: z.iso.datetime(),
  exact: z.boolean().describe('True: exactly the window asked for, and counted one by one'),
  note: z.string().nullable().describe('Why they are not exact; null when they are'),
};

/** What `GET /logs/stats` replies. */
export const statsReplySchema = z.object({
  query,
  requests: z.object({
    ...coverageShape,
    total: count.describe('Requests that were answered: that have a status'),
    per_second: z.number(),
    errors: count.describe('Those with status >= 400'),
    error_rate: z.number().nullable().describe('errors / total, from 0 to 1; null without requests'),
    by_status: counts,
  }),
  entries: z.object({
    ...coverageShape,
    total: count.describe('All entries: requests and others'),
    by_level: counts,
    bytes_sent: z.number(),
  }),
  response_times: z.object({
    ...coverageShape,
    count: count.describe('Requests that were timed'),
    p50_ms: milliseconds,
    p90_ms: milliseconds,
    p95_ms: milliseconds,
    p99_ms: milliseconds,
  }),
  unique_visitors: z.object({
    ...coverageShape,
    count: count.nullable().describe('Different client IPs of requests; null where they are not kept'),
  }),
});

/** @see statsReplySchema */
export type StatsReply = z.output<typeof statsReplySchema>;

/** What `GET /logs/events` replies. */
export const eventsReplySchema = z.object({
  query,
  ...coverageShape,
  events: z.array(z.object({ event: z.string(), count })).describe('Most frequent first'),
  hours: z
    .array(z.object({ hour: z.iso.datetime(), counts }))
    .describe('Oldest first; an hour without events is left out'),
});

/** @see eventsReplySchema */
export type EventsReply = z.output<typeof eventsReplySchema>;

/** What `GET /logs/top` replies. */
export const topReplySchema = z.object({
  query,
  ...coverageShape,
  top: z.array(z.object({ value: z.string(), count })).describe('Most frequent first'),
});

/** @see topReplySchema */
export type TopReply = z.output<typeof topReplySchema>;

/** What `GET /logs/facets` replies. */
export const facetsReplySchema = z.object({
  query,
  ...coverageShape,
  facets: z
    .record(z.string(), z.array(z.object({ value: z.string(), count })))
    .describe('Of each field the most frequent values, most frequent first'),
});

/** @see facetsReplySchema */
export type FacetsReply = z.output<typeof facetsReplySchema>;

/** What `GET /logs/times` replies. */
export const timesReplySchema = z.object({
  query,
  ...coverageShape,
  bucket_ms: z.number().describe('Length of a bucket; the last may be shorter'),
  buckets: z
    .array(
      z.object({
        from: z.iso.datetime(),
        count: count.describe('Requests that were timed'),
        p50_ms: milliseconds,
        p95_ms: milliseconds,
      }),
    )
    .describe('Oldest first, also those without requests'),
});

/** @see timesReplySchema */
export type TimesReply = z.output<typeof timesReplySchema>;

/** What `GET /logs/histogram` replies. */
export const histogramReplySchema = z.object({
  query,
  ...coverageShape,
  bucket_ms: z.number().describe('Length of a bucket; the last may be shorter'),
  total: count,
  buckets: z
    .array(
      z.object({
        from: z.iso.datetime(),
        count,
        by: counts.describe('Per status class or level; empty without split'),
      }),
    )
    .describe('Oldest first, also those without entries'),
});

/** @see histogramReplySchema */
export type HistogramReply = z.output<typeof histogramReplySchema>;
