import { z } from 'zod';
import { durationSchema } from '../alerts/duration.js';
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

/** What a person can say of a group of errors. */
export const MARK_STATES = ['known', 'resolved', 'muted'] as const;

const markSchema = z.object({
  state: z.enum(MARK_STATES),
  at: time.describe('When it was said'),
  release: z.string().nullable().describe('Of resolved: the release that has the fix'),
  until: time.nullable().describe('Of muted: when it is over; null: never'),
  reason: z.string().nullable(),
});

const errorGroupSchema = z.object({
  fingerprint: z.string(),
  state: z
    .enum(['new', 'regressed', ...MARK_STATES])
    .describe(
      'new: not seen in the hours before the window; regressed: seen again after it was resolved; else what a person said of it, or known',
    ),
  mark: markSchema.nullable().describe('What a person said of it, as long as that holds'),
  regressions: count.describe('Errors of the window that came after it was resolved'),
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
  groups: z
    .array(errorGroupSchema)
    .describe('Regressed and new ones first, resolved and muted ones last, then the most frequent'),
});

/** The body of `PUT /logs/error-groups/{fingerprint}`. */
export const errorGroupMarkSchema = z
  .strictObject({
    state: z.enum(MARK_STATES, `must be one of ${MARK_STATES.join(', ')}`),
    release: z
      .string('must be text')
      .min(1, 'must not be empty')
      .max(200, 'must be at most 200 characters')
      .optional()
      .describe(
        'Of resolved: the release that has the fix; errors of earlier ones do not count as regressed',
      ),
    for: durationSchema('1s', '365d')
      .optional()
      .describe('Of muted: how long, such as 7d. Default: for ever'),
    reason: z
      .string('must be text')
      .max(500, 'must be at most 500 characters')
      .optional()
      .describe('Why, for people'),
  })
  .superRefine(({ state, release, for: lasts }, context) => {
    const wrong = (path: string, of: string) =>
      context.addIssue({ code: 'custom', path: [path], message: `must only be given with state ${of}` });
    if (state !== 'resolved' && release !== undefined) wrong('release', 'resolved');
    if (state !== 'muted' && lasts !== undefined) wrong('for', 'muted');
  });

/** What `PUT` and `DELETE /logs/error-groups/{fingerprint}` reply. */
export const errorGroupMarkReplySchema = z.object({
  fingerprint: z.string(),
  mark: markSchema.nullable().describe('null: there is none now'),
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
export type ErrorGroupMarkReply = z.output<typeof errorGroupMarkReplySchema>;
export type PatternsReply = z.output<typeof patternsReplySchema>;
