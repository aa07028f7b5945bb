import { z } from 'zod';
import { filterSchema } from '../parameters/filter-shape.js';
import { durationMs, durationSchema } from './duration.js';

/** How a measured value is compared. */
export const ALERT_OPERATORS = ['>', '>=', '<', '<=', '==', '!='] as const;
export const ALERT_SEVERITIES = ['critical', 'warning', 'info'] as const;
export const ALERT_NO_DATA = ['ok', 'keep', 'alert'] as const;
/** What rules can measure. */
export const ALERT_MEASURES = [
  'count',
  'rate',
  'ratio',
  'percentile',
  'distinct',
  'average',
  'max',
  'min',
  'change',
  'absence',
  'new_errors',
  'regressed_errors',
  'new_patterns',
  'oauth_diagnosis',
  'breakglass',
] as const;
/** Measures that look at the time before the window. */
const WITH_BASELINE: readonly string[] = ['change', 'new_errors', 'new_patterns', 'oauth_diagnosis'];

/** Slots of one evaluation step that a window, and the baseline of a change, may have. */
const MAX_SLOTS = 1_440;
const ID_RULE = 'must be 1 to 64 lower-case letters, digits, - and _, a letter or digit first';
const FIELD_RULE =
  'must be level, component, status, method, host, fqdn, ip, user, session, event, client, outcome, route, path, trace, kind, ms, bytes, fingerprint, pattern, cause or data. and a path';
const FIELD =
  /^(level|component|status|method|host|fqdn|ip|user|session|event|client|outcome|route|path|trace|kind|ms|bytes|fingerprint|pattern|cause|data(\.[^.]{1,64}){1,20})$/;

/** The id of a rule. */
export const alertRuleIdSchema = z.string(ID_RULE).regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, ID_RULE);
const field = z.string(FIELD_RULE).max(256, FIELD_RULE).regex(FIELD, FIELD_RULE);
const channel = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, ID_RULE);
const text = (max: number) =>
  z.string('must be text').min(1, 'must not be empty').max(max, `must be at most ${max} characters`);
const filterTexts = z
  .record(z.string(), z.union([z.string(), z.array(z.string())], 'must be text, or a list of texts'))
  .superRefine((given, context) => {
    const { error } = filterSchema.safeParse(given);
    for (const issue of error?.issues ?? []) {
      const isUnknown = issue.code === 'unrecognized_keys';
      context.addIssue({
        code: 'custom',
        path: isUnknown ? [issue.keys[0] ?? ''] : issue.path,
        message: isUnknown ? 'is no filter; allowed: those of GET /logs' : issue.message,
      });
    }
  });

/** A rule as it stands in a file and in the body of a request. Durations are texts such as `5m`. */
export const alertRuleSchema = z
  .strictObject({
    id: alertRuleIdSchema.describe('Names the rule, its alerts and their notifications'),
    name: text(200).optional().describe('For people. Default: the id'),
    description: text(2_000).optional(),
    enabled: z.boolean('must be true or false').default(true),
    filter: filterTexts
      .default({})
      .describe('Which entries: filters as in a query, such as {"status": "5xx"}. Default: all'),
    measure: z
      .enum(ALERT_MEASURES, `must be one of ${ALERT_MEASURES.join(', ')}`)
      .default('count')
      .describe('What is measured. Default: count'),
    of: filterTexts
      .optional()
      .describe('Of measure ratio: which part of the entries, by filters that hold in addition'),
    field: field
      .optional()
      .describe(
        'Of percentile, distinct, average, max and min. Default: ms, the response time; of distinct: ip',
      ),
    percentile: z
      .number('must be a number')
      .min(0, 'must be at least 0')
      .max(100, 'must be at most 100')
      .default(95)
      .describe('Of measure percentile. Default: 95'),
    baseline: durationSchema('10s', '7d')
      .optional()
      .describe(
        'The time before the window: of change what it is compared with (default: 12 windows), of new_errors and new_patterns what is not new (default: a day, or 1,440 times every), of oauth_diagnosis in which sign-ins may have begun (default: 30m)',
      ),
    min_count: z
      .int('must be a whole number')
      .min(0, 'must be at least 0')
      .max(1e9, 'must be at most 1000000000')
      .default(1)
      .describe('Entries below which a ratio, a percentile, an average or a change is no data. Default: 1'),
    operator: z
      .enum(ALERT_OPERATORS, `must be one of ${ALERT_OPERATORS.join(' ')}`)
      .default('>')
      .describe('Default: >'),
    threshold: z
      .number('must be a number')
      .default(0)
      .describe('What the value is compared with. Default: 0'),
    window: durationSchema('10s', '7d')
      .default('5m')
      .describe('Time a value is of; a multiple of every. Default: 5m'),
    every: durationSchema('10s', '1d')
      .default('1m')
      .describe('How often it is evaluated, at least 10s; windows are aligned to it. Default: 1m'),
    delay: durationSchema('0s', '1h')
      .default('10s')
      .describe('How long a window waits for its last entries. Default: 10s'),
    for: durationSchema('0s', '7d')
      .default('0s')
      .describe('How long it must be wrong before it fires. Default: 0s'),
    keep_firing_for: durationSchema('0s', '7d')
      .default('0s')
      .describe('How long it must be right before it is resolved. Default: 0s'),
    cooldown: durationSchema('0s', '7d')
      .default('0s')
      .describe('How long after it was resolved it stays quiet. Default: 0s'),
    late_for: durationSchema('0s', '1d')
      .default('1h')
      .describe('How long entries that come late can still add an alert. Default: 1h'),
    group_by: z
      .array(field)
      .max(3, 'must be at most 3 fields')
      .default([])
      .describe('Fields; each combination of their values is an alert of its own'),
    max_groups: z
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(1_000, 'must be at most 1000')
      .default(100)
      .describe('Groups at once: those that are not ok, then those with most entries. Default: 100'),
    no_data: z
      .enum(ALERT_NO_DATA, `must be one of ${ALERT_NO_DATA.join(', ')}`)
      .default('ok')
      .describe('What a window without data is: ok, as it was before (keep), or an alert. Default: ok'),
    no_data_for: durationSchema('0s', '7d')
      .default('0s')
      .describe('How long data must be missing before no_data: alert fires. Default: 0s'),
    severity: z
      .enum(ALERT_SEVERITIES, `must be one of ${ALERT_SEVERITIES.join(', ')}`)
      .default('warning')
      .describe('Default: warning'),
    channels: z
      .array(channel)
      .max(20, 'must be at most 20 channels')
      .default([])
      .describe('Names of channels, which stand in the file ALERT_RULES'),
    runbook: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .max(2_000)
      .optional()
      .describe('What to do, as a link'),
  })
  .superRefine((rule, context) => {
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const every = durationMs(rule.every) ?? 0;
    const window = durationMs(rule.window) ?? 0;
    if (every === 0 || window === 0) return;
    const baseline = baselineMs(rule);
    if (window % every !== 0) wrong('window', `must be a multiple of every, which is ${rule.every}`);
    if (baseline % every !== 0) wrong('baseline', `must be a multiple of every, which is ${rule.every}`);
    if ((window + baseline) / every > MAX_SLOTS)
      wrong('window', `must be at most ${MAX_SLOTS} times every, with its baseline`);
    if (rule.measure === 'ratio' && rule.of === undefined) wrong('of', 'must be given with measure ratio');
    if (rule.measure !== 'ratio' && rule.of !== undefined)
      wrong('of', 'must only be given with measure ratio');
    if (!WITH_BASELINE.includes(rule.measure) && rule.baseline !== undefined)
      wrong('baseline', `must only be given with measure ${WITH_BASELINE.join(', ')}`);
    const fields = [...rule.group_by, ...(rule.field === undefined ? [] : [rule.field])];
    if (fields.includes('cause') && rule.measure !== 'oauth_diagnosis')
      wrong('group_by', 'must only have cause with measure oauth_diagnosis');
    if (rule.measure === 'absence' && rule.group_by.length > 0)
      wrong('group_by', 'must not be given with measure absence: a group that is missing is not known');
    const hasField = ['percentile', 'distinct', 'average', 'max', 'min'].includes(rule.measure);
    if (rule.field !== undefined && !hasField)
      wrong('field', 'must only be given with percentile, distinct, average, max or min');
  });

/** The time before a window that a rule looks at, in ms; 0 for measures that look at none. */
export function baselineMs({
  measure,
  window,
  every,
  baseline,
}: Pick<AlertRuleBody, 'measure' | 'window' | 'every' | 'baseline'>): number {
  if (!WITH_BASELINE.includes(measure)) return 0;
  const given = baseline === undefined ? undefined : durationMs(baseline);
  if (given !== undefined) return given;
  const [windowMs, everyMs] = [durationMs(window) ?? 0, durationMs(every) ?? 0];
  if (measure === 'change') return 12 * windowMs;
  const wanted = measure === 'oauth_diagnosis' ? 1_800_000 : 86_400_000;
  const slots = Math.min(Math.ceil(wanted / everyMs), MAX_SLOTS - windowMs / everyMs);
  return Math.max(1, Math.floor(slots)) * everyMs;
}

/** A rule as it is written. */
export type AlertRuleInput = z.input<typeof alertRuleSchema>;
/** A rule with its defaults. */
export type AlertRuleBody = z.output<typeof alertRuleSchema>;
