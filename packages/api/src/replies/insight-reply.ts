import { z } from 'zod';
import { logsReplySchema } from './reply.js';

const count = z.number().int();
const time = z.iso.datetime();
const coverage = {
  query: logsReplySchema.shape.query,
  from: time.describe('What was looked at, both ends included: the window, or its newest part'),
  to: time,
  baseline_from: time.nullable().describe('From when on what came before was looked at; null: it was not'),
  exact: z.boolean().describe('True: all of the window and of what came before was looked at'),
  entries: count.describe('Entries of the window that were looked at'),
};

const errorGroupSchema = z.object({
  fingerprint: z.string(),
  state: z.enum(['new', 'known']).describe('new: not seen in the hours before the window'),
  type: z.string().nullable(),
  code: z.string().nullable().describe("The error's code, or the status of a request without an error"),
  message: z.string().describe('Without what differs between occurrences'),
  frames: z.array(z.string()).describe('Where it arose in own code, innermost first'),
  levels: z.array(z.string()),
  count,
  first_seen: time.describe('In the window'),
  last_seen: time,
  hours: z.array(z.object({ hour: time, count })).describe('Oldest first; an hour without any is left out'),
  components: z.array(z.string()),
  hosts: z.array(z.string()),
  releases: z.array(z.string()).describe('`release` and `version` of the data of its entries'),
  users: count.describe('Different users affected; at most 1,000 are told apart'),
  ips: count.describe('Different client addresses affected; at most 1,000 are told apart'),
  sample_id: z.string().describe('Id of its newest entry'),
  sample_trace: z.string().nullable(),
});

/** What `GET /logs/error-groups` replies. */
export const errorGroupsReplySchema = z.object({
  ...coverage,
  total: count.describe('Groups there are'),
  overflow: count.describe('Errors of groups past the 5,000 that are told apart'),
  groups: z.array(errorGroupSchema).describe('New ones first, then the most frequent'),
});

/** What `GET /logs/patterns` replies. */
export const patternsReplySchema = z.object({
  ...coverage,
  total: count.describe('Patterns there are'),
  overflow: count.describe('Entries of patterns past the 2,000 that are told apart'),
  patterns: z
    .array(
      z.object({
        id: z.string(),
        pattern: z.string().describe('The message with `<number>`, `<*>` and such for what differs'),
        state: z
          .enum(['new', 'gone', 'more', 'usual'])
          .describe('Compared with the hours before; usual where these were not looked at'),
        count,
        before: count.describe('In the hours before the window'),
        per_hour: z.number(),
        before_per_hour: z.number(),
        first_seen: time.nullable(),
        last_seen: time.nullable(),
        sample: z.string(),
      }),
    )
    .describe('Most frequent first'),
});

export type ErrorGroupsReply = z.output<typeof errorGroupsReplySchema>;
export type PatternsReply = z.output<typeof patternsReplySchema>;
