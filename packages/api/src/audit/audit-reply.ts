import type { JsonValue } from '@tailrace/schema';
import { z } from 'zod';
import { entryReplySchema } from '../entry/entry-schema.js';
import { logsReplySchema } from '../replies/reply.js';

const jsonValue = z.unknown() as z.ZodType<JsonValue>;
const json = z.record(z.string(), jsonValue);
const time = z.iso.datetime({ precision: 3 });
const actor = json.nullable().describe('Who did it: type, id, name; null where nobody is named');
const path = z.string().describe('JSON Pointer into the values, such as /plan');
const from = jsonValue.optional().describe('The value before; missing: it was added');
const to = jsonValue.optional().describe('The value after; missing: it was removed');

/** An entry of level AUDIT in its parts (spec 002, `AuditEntry`). */
export const auditEntrySchema = z.object({
  id: z.string(),
  timestamp: time,
  action: z.string(),
  actor,
  entity_type: z.string().nullable(),
  entity_id: z.string().nullable(),
  outcome: z.enum(['success', 'failure']).nullable(),
  reason: jsonValue,
  old_values: jsonValue.describe('Values before, by name, or null'),
  new_values: jsonValue.describe('Values after, by name, or null'),
  changes: z
    .array(z.object({ path, from, to }))
    .describe('What differs between them; a value that was redacted on both sides counts as changed'),
  patch: z
    .array(
      z.object({ op: z.enum(['add', 'replace', 'remove']), path: z.string(), value: jsonValue.optional() }),
    )
    .describe('The same as a JSON Patch (RFC 6902)'),
  metadata: json,
  objects: z.array(z.string()),
  component: z.string(),
  message: z.string(),
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
  trace_id: z.string().nullable(),
  data: json.describe('What else is in the data of the entry'),
  truncated: z.array(z.string()).optional().describe('Fields that were longer than what is stored'),
});

const page = logsReplySchema.omit({ logs: true }).extend({
  audit: z.array(auditEntrySchema).describe('Oldest to newest'),
  count: z.number().int().describe('Entries in audit'),
});

/** What `GET /api/audit` replies. */
export const auditReplySchema = page;

/** @see auditReplySchema */
export type AuditReply = z.output<typeof auditReplySchema>;

/** What `GET /api/audit/{id}` replies. */
export const auditFoundSchema = z.object({
  audit: auditEntrySchema,
  entry: entryReplySchema.describe('All fields of the entry'),
});

/** What `GET /api/audit/entities/{type}/{id}` replies. */
export const entityReplySchema = page.extend({
  entity: z.object({ type: z.string(), id: z.string() }),
  values: z
    .array(
      z.object({
        path,
        steps: z
          .array(
            z.object({
              id: z.string().describe('Of the entry'),
              timestamp: time,
              action: z.string(),
              actor,
              from,
              to,
            }),
          )
          .describe('Oldest to newest'),
      }),
    )
    .describe('What became of each value, by the entries of this page that did not fail'),
});

/** @see entityReplySchema */
export type EntityReply = z.output<typeof entityReplySchema>;
