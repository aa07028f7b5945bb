import { type JsonValue, LEVEL_NAMES, type Level } from '@tailrace/schema';
import { z } from 'zod';
import { levelSchema } from '../parameters/field-schemas.js';
import { timestampSchema } from './entry-schema.js';
import { ownIdSchema } from './own-id.js';

/** Tags of an entry, and code units of one. */
const MAX_TAGS = 100;
const MAX_TAG_LENGTH = 256;

const tagsSchema = z.array(z.string().min(1).max(MAX_TAG_LENGTH)).max(MAX_TAGS);
const jsonValue = z.unknown() as z.ZodType<JsonValue, JsonValue>;
const contextSchema = z.record(z.string(), jsonValue);

/** Names of the fields a log of a service has; what else is given goes into its context. */
const FIELDS: ReadonlySet<string> = new Set([
  'id',
  'timestamp',
  'level',
  'service',
  'message',
  'context',
  'trace_id',
  'span_id',
  'user_id',
  'request_id',
  'correlation_id',
  'tags',
  'created_at',
]);

/** What `POST /api/logs` takes: the log of a service, as spec 002 has it. Only what is in it is needed. */
const serviceLogInputSchema = z
  .object({
    id: ownIdSchema.optional().describe('An id of your own: sent again it is stored once'),
    timestamp: timestampSchema.optional().describe('Default: now'),
    level: levelSchema.optional().describe('Default: INFO'),
    service: z.string().min(1).optional().describe('Default: app'),
    message: z.string().optional(),
    context: contextSchema.optional().describe('Any JSON object'),
    trace_id: z.string().optional(),
    span_id: z.string().optional(),
    user_id: z.string().optional(),
    request_id: z.string().optional(),
    correlation_id: z.string().optional(),
    tags: tagsSchema.optional(),
    created_at: z.iso.datetime({ offset: true }).optional(),
  })
  .superRefine(refuseContradictions);

/** Each of these stands in `data` under its own name, beside what is in `context`. */
const BESIDE_CONTEXT = ['correlation_id', 'tags', 'created_at'] as const;

function refuseContradictions(
  log: { readonly context?: object | undefined } & {
    readonly [Name in (typeof BESIDE_CONTEXT)[number]]?: unknown;
  },
  context: z.core.$RefinementCtx,
): void {
  for (const name of BESIDE_CONTEXT) {
    if (log[name] === undefined || !Object.hasOwn(log.context ?? {}, name)) continue;
    context.addIssue({
      code: 'custom',
      path: ['context', name],
      message: `must not be given beside the log's own ${name}`,
    });
  }
}

/** @see serviceLogInputSchema */
export type ServiceLogInput = z.output<typeof serviceLogInputSchema>;

/** A field that is null is left out; a field that is not known, as shippers add them, goes into `context`. */
export const serviceLogBodySchema = z.preprocess(withUnknownInContext, serviceLogInputSchema);

/** @param given typed as a client writes it; it may be any JSON */
function withUnknownInContext(given: z.input<typeof serviceLogInputSchema>): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const log: Record<string, unknown> = {};
  const unknown: Record<string, unknown> = {};
  let hasUnknown = false;
  for (const [name, value] of Object.entries(given)) {
    if (!FIELDS.has(name)) {
      Object.defineProperty(unknown, name, { value, enumerable: true, writable: true, configurable: true });
      hasUnknown = true;
    } else if (value !== null) log[name] = value;
  }
  const { context = {} } = log;
  if (!hasUnknown || typeof context !== 'object' || Array.isArray(context)) return log;
  return { ...log, context: { ...unknown, ...context } };
}

/** A log of a service as it is replied. `context` has every other field of the entry as well. */
export const serviceLogSchema = z.object({
  id: z.string().describe("The sender's own id, else the entry's"),
  timestamp: z.iso.datetime({ precision: 3 }),
  level: z.enum(LEVEL_NAMES as [Level, ...Level[]]),
  service: z.string(),
  message: z.string(),
  context: contextSchema,
  trace_id: z.string().optional(),
  span_id: z.string().optional(),
  user_id: z.string().optional(),
  request_id: z.string().optional(),
  correlation_id: z.string().optional(),
  tags: z.array(z.string()),
  created_at: z.iso.datetime({ offset: true }).describe('As it was sent, else the timestamp'),
});

/** @see serviceLogSchema */
export type ServiceLog = z.output<typeof serviceLogSchema>;
