import { z } from 'zod';
import { ALERT_SEVERITIES, alertRuleIdSchema, alertRuleSchema } from './alert-rule-schema.js';
import { durationSchema } from './duration.js';

const count = z.number().int();
const time = z.iso.datetime();

/** An alert: what one rule says of one group, from when it was first wrong. */
export const alertSchema = z.object({
  id: z.string().describe('Of the rule, the group and the time it began'),
  rule: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  severity: z.enum(ALERT_SEVERITIES),
  status: z.enum(['pending', 'firing', 'resolved']),
  condition: z.string().describe('The rule in words'),
  threshold: z.number(),
  current_value: z.number().nullable().describe('null: no data'),
  labels: z.record(z.string(), z.string()).describe('The group: the fields of group_by with their values'),
  created_at: time.describe('When the window was over that was wrong first'),
  triggered_at: time.nullable().describe('When the window was over in which it began to fire'),
  resolved_at: time.nullable(),
  updated_at: time.describe('When the last window that was looked at was over'),
  notification_sent: z.boolean().describe('Whether its channels are told: in the outbox, or delivered'),
  late: z.boolean().describe('Entries that came late showed it'),
  no_data: z.boolean().describe('It fires because data is missing'),
  silenced_until: time.nullable(),
  runbook: z.string().nullable(),
});

/** Something that happened to an alert. */
export const alertEventSchema = z.object({
  id: z.string().describe('The same in the history and in every notification of it'),
  alert: z.string(),
  status: z.enum(['firing', 'resolved']),
  rule: z.string(),
  name: z.string(),
  severity: z.enum(ALERT_SEVERITIES),
  labels: z.record(z.string(), z.string()),
  condition: z.string(),
  threshold: z.number(),
  value: z.number().nullable(),
  started_at: time,
  at: time.describe('When the window was over in which it happened'),
  late: z.boolean(),
  silenced: z.boolean(),
  reason: z.string().nullable(),
});

/** The query of `GET /api/alerts`. */
export const alertsQuerySchema = z.strictObject({
  rule: alertRuleIdSchema.optional().describe('Only of this rule'),
  limit: z.coerce
    .number('must be a whole number')
    .int('must be a whole number')
    .min(0, 'must be at least 0')
    .max(1_000, 'must be at most 1000')
    .default(100)
    .describe('Events of the history, 0 to 1000. Default: 100'),
});

/** What `GET /api/alerts` replies. */
export const alertsReplySchema = z.object({
  alerts: z.array(alertSchema).describe('Active ones: firing first, then pending; oldest first'),
  history: z.array(alertEventSchema).describe('Newest first'),
  notifications: z.object({
    waiting: count.describe('Not delivered yet'),
    renewed: count.describe('Delivered, and told again as long as their alerts fire (Alertmanager)'),
    delivered: count,
    failed: count.describe('Attempts that failed'),
    given_up: count.describe('Not delivered within three days'),
    lost: count.describe('Found no room in the outbox'),
  }),
});

const ruleReplySchema = z.object({
  rule: alertRuleSchema,
  source: z.enum(['file', 'api']),
  status: z.enum(['ok', 'pending', 'firing', 'disabled', 'new']).describe('new: not evaluated yet'),
  condition: z.string(),
  value: z.number().nullable().describe('The last value, of a rule without groups'),
  evaluated_until: time.nullable().describe('When the last window that was evaluated was over'),
  skipped: count.describe('Windows nobody evaluated, after an outage of more than a day'),
});

/** One rule and where it stands. */
export const alertRuleReplySchema = ruleReplySchema;

/** What `GET /api/alerts/rules` replies. */
export const alertRulesReplySchema = z.object({
  rules: z.array(ruleReplySchema),
  channels: z
    .array(z.object({ name: z.string(), type: z.string() }))
    .describe('Without their addresses and secrets'),
});

/** What `DELETE /api/alerts/rules/{id}` replies. */
export const alertRuleRemovedSchema = z.object({ removed: z.string() });

/** The body of `POST /api/alerts/test`. */
export const alertTestSchema = z.strictObject({
  rule: z
    .union([alertRuleIdSchema, alertRuleSchema], 'must be the id of a rule, or a rule')
    .describe('A rule, or the id of one there is'),
  hours: z
    .number('must be a number')
    .positive('must be more than 0')
    .max(8_760, 'must be at most 8760')
    .default(24)
    .describe('Hours to look back. Default: 24'),
  until: z.iso
    .datetime({ offset: true, error: 'must be ISO 8601 with an offset' })
    .optional()
    .describe('Where they end. Default: now'),
  values_of: z
    .record(z.string(), z.string('must be text'))
    .optional()
    .describe('A group, as in the labels of an alert, whose values are replied; {} of a rule without groups'),
});

/** What `POST /api/alerts/test` replies. */
export const alertTestReplySchema = z.object({
  condition: z.string(),
  from: time,
  to: time,
  windows: count.describe('Windows evaluated'),
  fired: count.describe('Times it would have fired'),
  events: z.array(alertEventSchema).describe('Oldest first, at most 1,000'),
  values: z
    .array(z.object({ at: time.describe('When the window was over'), value: z.number().nullable() }))
    .optional()
    .describe('With values_of: the value of each window, oldest first, the newest 2,000; null: no data'),
});

/** The body of `POST /api/alerts/{id}/silence`. */
export const alertSilenceSchema = z.strictObject({
  for: durationSchema('0s', '90d')
    .default('1h')
    .describe('How long; 0s ends the silence there is. Default: 1h'),
  scope: z
    .enum(['alert', 'rule'], 'must be alert or rule')
    .default('alert')
    .describe('This group, or all of the rule. Default: alert'),
  reason: z.string().max(500, 'must be at most 500 characters').optional(),
});

/** The body of `POST /api/alerts/{id}/resolve`. */
export const alertResolveSchema = z.strictObject({
  reason: z.string().max(500, 'must be at most 500 characters').optional(),
});

/** What resolve and silence reply. */
export const alertReplySchema = z.object({ alert: alertSchema });

/** The body of `POST /api/alerts/notify-test`. */
export const notifyTestSchema = z.strictObject({
  channel: z.string().max(64).describe('Name of a channel'),
});

/** What `POST /api/alerts/notify-test` replies. */
export const notifyTestReplySchema = z.object({
  channel: z.string(),
  delivered: z.boolean(),
  error: z.string().nullable().describe('Why not'),
  ms: z.number(),
});

export type AlertReply = z.output<typeof alertSchema>;
export type AlertEventReply = z.output<typeof alertEventSchema>;
export type AlertsReply = z.output<typeof alertsReplySchema>;
export type AlertRuleReply = z.output<typeof ruleReplySchema>;
export type AlertRulesReply = z.output<typeof alertRulesReplySchema>;
export type AlertTestReply = z.output<typeof alertTestReplySchema>;
export type NotifyTestReply = z.output<typeof notifyTestReplySchema>;
