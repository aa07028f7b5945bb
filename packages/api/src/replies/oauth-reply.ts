import { type Diagnosis, FLOW_STATES } from '@tailrace/schema';
import { z } from 'zod';
import { entryReplySchema } from '../entry/entry-schema.js';
import { oauthDetailsSchema } from '../entry/oauth-details-schema.js';
import { filterShape } from '../parameters/filter-shape.js';
import { logQuerySchema, refuseContradictions } from '../parameters/log-query.js';

/** Flows a reply has when nothing is said. */
export const DEFAULT_FLOWS = 100;
/** Seconds without a step after which a flow counts as abandoned: the longest a code should live (RFC 6749, section 4.1.2). */
export const DEFAULT_ABANDONED_AFTER_S = 600;

const flowsShape = {
  hours: logQuerySchema.shape.hours,
  from: logQuerySchema.shape.from,
  to: logQuerySchema.shape.to,
  limit: count(1, 1_000)
    .default(DEFAULT_FLOWS)
    .describe(`Newest flows to show, 1 to 1000. Default: ${DEFAULT_FLOWS}`),
  abandoned_after_s: count(0, 86_400)
    .default(DEFAULT_ABANDONED_AFTER_S)
    .describe(
      `Seconds without a step after which a flow is abandoned. Default: ${DEFAULT_ABANDONED_AFTER_S}`,
    ),
};

/** The query parameters of `/logs/oauth/{ip}` and `/logs/oauth-debug/{ip}`. */
export const oauthIpQuerySchema = z
  .strictObject({ ...flowsShape, ip: filterShape.ip })
  .superRefine(refuseContradictions);

/** The query parameters of `/logs/oauth-flow`. */
export const oauthFlowQuerySchema = z
  .strictObject({
    ...flowsShape,
    client_id: filterShape.client.describe('OAuth client id'),
    username: filterShape.user.describe('User id'),
  })
  .superRefine(refuseContradictions);

/** The query parameters of `/logs/oauth-user/{username}`. */
export const oauthUserQuerySchema = z
  .strictObject({ ...flowsShape, user: filterShape.user })
  .superRefine(refuseContradictions);

const stepSchema = z.object({
  id: z.string().describe('Of the entry'),
  timestamp: z.iso.datetime({ precision: 3 }),
  gap_ms: z.number().describe('Milliseconds since the step before'),
  step: z.string().describe('The event without `oauth.`'),
  outcome: z.enum(['success', 'failure']).optional(),
  component: z.string(),
  message: z.string(),
  client_ip: z.string().optional(),
  request: entryReplySchema
    .pick({
      method: true,
      path: true,
      status_code: true,
      response_time_ms: true,
      bytes_sent: true,
      user_agent: true,
      request_id: true,
      trace_id: true,
    })
    .optional(),
  oauth: oauthDetailsSchema,
  error: entryReplySchema.shape.error,
});

/** What went wrong in a flow, and what to do. */
export const diagnosisSchema = z.object({
  cause: z.string().describe('Stable name of the rule'),
  sentence: z.string(),
  evidence: z.array(z.object({ name: z.string(), value: z.string() })),
  change: z.string().describe('What to change'),
  reference: z.object({ title: z.string().describe('RFC 7636, section 4.6'), url: z.string() }),
  step_id: z.string().nullable().describe('The step that shows it'),
}) satisfies z.ZodType<Diagnosis>;

/** One login from authorize to token, its refreshes and what its tokens were used for. */
export const oauthFlowSchema = z.object({
  id: z.string().describe('Id of its first entry'),
  state: z.enum(FLOW_STATES),
  at: z.string().nullable().describe('Failed at this step, abandoned after it; null when complete'),
  client_id: z.string().nullable(),
  user_id: z.string().nullable(),
  client_ips: z.array(z.string()),
  started: z.iso.datetime({ precision: 3 }),
  duration_ms: z.number(),
  steps: z.array(stepSchema).describe('Oldest to newest'),
  truncated: z.boolean().describe('True when it has more steps than are shown'),
  diagnosis: diagnosisSchema.nullable(),
});

/** @see oauthFlowSchema */
export type OAuthFlowReply = z.output<typeof oauthFlowSchema>;

/** One step of a flow as it is replied. */
export type OAuthStepReply = OAuthFlowReply['steps'][number];

/** What every endpoint that finds flows replies. */
export const oauthFlowsReplySchema = z.object({
  query: z.record(z.string(), z.unknown()).describe('The query as it was understood'),
  flows: z.array(oauthFlowSchema).describe('Oldest to newest'),
  count: z.number().int(),
  partial: z.boolean().describe('True when there was too much to read it all: older flows are missing'),
});

/** @see oauthFlowsReplySchema */
export type OAuthFlowsReply = z.output<typeof oauthFlowsReplySchema>;

/** What `/logs/oauth/{ip}` replies. */
export const oauthSummaryReplySchema = z.object({
  query: z.record(z.string(), z.unknown()),
  flows: z.record(z.enum(FLOW_STATES), z.number().int()).describe('Flows by state'),
  activity: z
    .array(
      z.object({
        client_id: z.string().nullable(),
        user_id: z.string().nullable(),
        step: z.string(),
        outcome: z.enum(['success', 'failure']).nullable(),
        count: z.number().int(),
        first: z.iso.datetime({ precision: 3 }),
        last: z.iso.datetime({ precision: 3 }),
      }),
    )
    .describe('Most frequent first'),
  causes: z.array(z.object({ cause: z.string(), sentence: z.string(), count: z.number().int() })),
  partial: z.boolean(),
});

/** @see oauthSummaryReplySchema */
export type OAuthSummaryReply = z.output<typeof oauthSummaryReplySchema>;

function count(least: number, most: number) {
  return z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);
}
