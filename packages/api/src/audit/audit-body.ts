import { ENTRY_LIMITS, type JsonValue, TEXT_LIMITS } from '@tailrace/schema';
import { z } from 'zod';
import { entryInputSchema } from '../entry/entry-schema.js';

const json = z.record(z.string(), z.unknown() as z.ZodType<JsonValue>);
const id = z.union(
  [z.string().min(1).max(ENTRY_LIMITS.objectLength), z.number()],
  'must be a text that is not empty, or a number',
);
const { timestamp, outcome, objects, client_ip, trace_id, span_id, user_agent } = entryInputSchema.shape;
const { session_id, request_id, component, message, event } = entryInputSchema.shape;

/**
 * An audit entry of a request's body, in the parts spec 002 names; a part that is null is left out, and what has no part here is
 * refused by its name.
 */
export const auditBodySchema = z.preprocess(
  withoutNulls,
  z
    .strictObject({
      action: z.string().min(1, 'must not be empty').max(TEXT_LIMITS.event).describe('Such as user.updated'),
      actor: z
        .object({ type: z.string().optional(), id, name: z.string().optional() })
        .loose()
        .optional()
        .describe('Who did it'),
      entity_type: z.string().min(1).max(ENTRY_LIMITS.objectLength).optional(),
      entity_id: id.optional(),
      old_values: json.optional().describe('Values before, by name'),
      new_values: json.optional().describe('Values after, by name'),
      reason: z.string().optional(),
      outcome,
      objects,
      metadata: json.optional(),
      ip_address: client_ip,
      user_agent,
      trace_id,
      span_id,
      session_id,
      request_id,
      timestamp,
      component: component.describe('Default: audit'),
      message: message.describe('Default: the action'),
      event: event.describe('Default: the action'),
    })
    .superRefine((body, context) => {
      for (const [given, missing] of [
        ['entity_type', 'entity_id'],
        ['entity_id', 'entity_type'],
      ] as const) {
        if (body[given] !== undefined && body[missing] === undefined) {
          context.addIssue({ code: 'custom', path: [missing], message: `must be given with ${given}` });
        }
      }
    }),
);

/** @see auditBodySchema */
export type AuditBody = z.output<typeof auditBodySchema>;

function withoutNulls(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}
