import { z } from 'zod';

const count = z.number().int();
const accountShape = {
  accepted: count.describe('Entries its log calls were accepted for, since Redis lost its data if it did'),
  written: count.describe('Entries that are in Redis'),
  dropped: z.record(z.string(), count).describe('Entries lost, by reason'),
  lag: count.describe(
    'accepted - written - dropped: entries that wait, in memory or in a file, as of last_seen',
  ),
};

/** What `GET /logs/delivery` replies. */
export const deliveryReplySchema = z.object({
  writers: z
    .array(
      z.object({
        id: z.string(),
        host: z.string().nullable(),
        pid: count.nullable(),
        started: z.iso.datetime().nullable().describe('When its process began'),
        last_seen: z.iso.datetime().describe("When its last batch was applied, by the server's clock"),
        skew_ms: count.nullable().describe("How far its clock was ahead of the server's then"),
        index_failed: count.describe('Keys its batches could not write: entries are not found by these'),
        ...accountShape,
      }),
    )
    .describe('Seen last comes first'),
  totals: z.object({
    writers: count.describe('Those of the last 7 days, also where writers has not all of them'),
    ...accountShape,
  }),
  partial: z.boolean().describe('True: there are more writers than are listed and summed up'),
});

/** @see deliveryReplySchema */
export type DeliveryReply = z.output<typeof deliveryReplySchema>;
