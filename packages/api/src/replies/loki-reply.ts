import { z } from 'zod';

/** What most of Loki's endpoints reply; `data` is told by its documentation. */
export const lokiReplySchema = z.object({
  status: z.literal('success'),
  data: z.unknown(),
  warnings: z.array(z.string()).optional().describe('What the reply lacks'),
});

/** @see lokiReplySchema */
export type LokiReply = z.output<typeof lokiReplySchema>;

/** What `POST /loki/api/v1/push` replies. */
export const lokiPushReplySchema = z.object({
  accepted: z.number().int().describe('Lines that are stored'),
  refused: z.number().int().describe('Lines that are not, and must not be sent again'),
  reason: z.string().optional().describe('Why, for the first of them'),
});

/** Others of its replies, each of which its documentation tells. */
export const lokiObjectSchema = z.looseObject({});
