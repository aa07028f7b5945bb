import { z } from 'zod';
import { filterShape } from '../parameters/filter-shape.js';
import { logQuerySchema, refuseContradictions } from '../parameters/log-query.js';

const { hours, from, to, cursor } = logQuerySchema.shape;
const window = { hours, from, to };
const time = z.iso.datetime({ precision: 3 });
const text = z.string().nullable();
const number = z.number().nullable();
const query = z.record(z.string(), z.unknown()).describe('The query as it was understood');
const partial = z.boolean().describe('True: there is more than was read, so these are not all');

/** Runs a page has at most, each with its end. */
export const MAX_RUNS = 100;

/** What costs can be grouped by. */
const COST_BY = ['run', 'model', 'day', 'tool'] as const;

/** The query parameters of `GET /api/runs`. */
export const runsQuerySchema = z
  .strictObject({
    ...window,
    cursor,
    limit: z.coerce
      .number('must be a whole number')
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(MAX_RUNS, `must be at most ${MAX_RUNS}`)
      .default(MAX_RUNS)
      .describe(`Runs a page, 1 to ${MAX_RUNS}. Default: ${MAX_RUNS}`),
    user: filterShape.user,
  })
  .superRefine(refuseContradictions);

/** The query parameters of `GET /api/costs`. */
export const costsQuerySchema = z
  .strictObject({
    ...window,
    by: z
      .enum(COST_BY, `must be one of ${COST_BY.join(', ')}`)
      .default('model')
      .describe('run, model, day or tool. Default: model'),
    user: filterShape.user,
    run: z.string().min(1, 'must not be empty').optional().describe('Only of this run'),
  })
  .superRefine(refuseContradictions);

/** The query parameters of `GET /api/audit/breakglass`. */
export const breakglassQuerySchema = z
  .strictObject({
    hours: hours.describe('Hours to look back. Default: all that is kept'),
    from,
    to,
    state: z
      .enum(['active', 'expired', 'used'], 'must be active, expired or used')
      .optional()
      .describe('active, expired, or used: it let a decision pass. Default: all'),
  })
  .superRefine(refuseContradictions);

const runSummarySchema = z.object({
  run_id: z.string(),
  started: time.nullable(),
  ended: time.nullable(),
  status: z.string().describe('SUCCESS, FAILED, or RUNNING without an end'),
  user_id: text,
  duration_ms: number,
  steps: z.number().int(),
  failed_steps: z.number().int(),
  cost_usd: z.number(),
  tokens: z.number(),
});

/** What `GET /api/runs` replies. */
export const runsReplySchema = z.object({
  query,
  runs: z.array(runSummarySchema).describe('Oldest to newest, by their start'),
  count: z.number().int(),
  next_cursor: z.string().nullable(),
  partial,
});

/** @see runsReplySchema */
export type RunsReply = z.output<typeof runsReplySchema>;

/** What `GET /api/runs/{id}` replies. */
export const runReplySchema = z.object({
  run: runSummarySchema,
  timeline: z
    .array(
      z.object({
        id: z.string().describe('Of the entry'),
        timestamp: time,
        offset_ms: z.number().describe('Since the first entry'),
        event: text,
        level: z.string(),
        message: z.string(),
        step_id: text,
        tool: text,
        status: text,
        decision: text,
        duration_ms: number,
        cost_usd: number,
        tokens: number,
        model: text,
      }),
    )
    .describe('Oldest to newest'),
  partial,
});

/** @see runReplySchema */
export type RunReply = z.output<typeof runReplySchema>;

/** What `GET /api/costs` replies. */
export const costsReplySchema = z.object({
  query,
  total_cost_usd: z.number(),
  total_tokens: z.number(),
  requests: z.number().int().describe('Costs that were tracked'),
  average_cost_usd: z.number(),
  groups: z
    .array(
      z.object({ name: z.string(), cost_usd: z.number(), tokens: z.number(), requests: z.number().int() }),
    )
    .describe('Dearest first'),
  partial,
});

/** @see costsReplySchema */
export type CostsReply = z.output<typeof costsReplySchema>;

/** What `GET /api/audit/breakglass` replies. */
export const breakglassReplySchema = z.object({
  query,
  breakglass: z
    .array(
      z.object({
        id: z.string().describe('Of the entry'),
        policy: text,
        enabled_at: time,
        enabled_by: text,
        reason: text,
        expires_at: text,
        token_used: text.describe('A keyed hash'),
        affected_validators: z.array(z.string()),
        affected_decisions: z.array(z.string()),
        run_id: text,
        is_active: z.boolean(),
        uses: z.number().int().describe('Decisions it let pass while it was in force'),
      }),
    )
    .describe('Oldest to newest'),
  count: z.number().int(),
  partial,
});

/** @see breakglassReplySchema */
export type BreakglassReply = z.output<typeof breakglassReplySchema>;
