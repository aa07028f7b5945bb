import { z } from 'zod';

const count = z.number().int();
const parts = z.array(
  z.object({
    name: z.string(),
    bytes: count,
    entries: count.nullable().describe('Entries in it; null where it holds none'),
  }),
);

/** What `GET /logs/cost` replies. Parts have the largest first. */
export const costReplySchema = z.object({
  measured_at: z.iso.datetime().describe('The same is replied for 30 seconds'),
  redis: z.object({
    entries: count,
    bytes: count.describe('All of Tailrace in Redis, estimated'),
    sampled: count.describe('Entries that were looked at, at random'),
    parts: parts.describe('entries (their hashes), each index by its name, stream, counters'),
    components: parts.describe('Entries with their share of the indexes; the 20 largest components'),
    classes: parts.describe('The same by retention class'),
    used_bytes: count.describe('Memory of the server, with what others keep there'),
    max_bytes: count.describe('maxmemory; 0: no bound'),
    bytes_per_day: count.nullable().describe('Written a day; null: less than 10 minutes to tell from'),
    measured_s: count.describe('Seconds of writing that it is measured over: a day, or less'),
    days_left: z
      .number()
      .nullable()
      .describe('Until maxmemory is reached, as it goes on now; null: see days_left_reason'),
    days_left_reason: z
      .enum(['no_bound', 'too_young', 'levels_off', 'fills_up'])
      .describe('levels_off: as much expires, or goes into the archive, as comes, before it is full'),
  }),
  archive: z
    .object({
      entries: count,
      bytes: count,
      classes: parts,
      components: parts
        .nullable()
        .describe(
          'By the entries of the last 7 days and the bytes of each in Redis; null: they could not be counted',
        ),
      bytes_per_day: count.nullable().describe('Of the last 7 days that are over; null: there is none'),
      free_bytes: count.nullable().describe('Of the disk, for this user'),
      days_left: z.number().nullable().describe('Until the disk is full, if nothing expires'),
    })
    .nullable()
    .describe('null: there is none'),
});

/** @see costReplySchema */
export type CostReply = z.output<typeof costReplySchema>;
