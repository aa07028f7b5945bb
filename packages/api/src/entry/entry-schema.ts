import {
  ENTRY_LIMITS,
  type Entry,
  type EntryError,
  type EntryInput,
  type EntryReply,
  type JsonValue,
  LEVEL_NAMES,
  type Level,
  TEXT_LIMITS,
} from '@tailrace/schema';
import { z } from 'zod';
import { ipSchema, levelSchema } from '../parameters/field-schemas.js';

/** What JSON was parsed into is JSON: `z.json()` would try six schemas on every value, 13 µs each. */
const jsonValue = z.unknown() as z.ZodType<JsonValue, JsonValue>;

const errorSchema: z.ZodType<EntryError> = z.lazy(() =>
  z.object({
    type: z.string().max(ENTRY_LIMITS.errorNameLength),
    message: z.string(),
    stack: z.string().optional(),
    code: z.string().max(ENTRY_LIMITS.errorNameLength).optional(),
    cause: errorSchema.optional(),
    errors: z.array(errorSchema).optional(),
    data: z.record(z.string(), jsonValue).optional().describe('What else it carried'),
  }),
);

/** When something was. */
export const timestampSchema = z
  .union(
    [
      z.number().int().min(0).max(8.64e15),
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    ],
    {
      error: 'must be epoch milliseconds or an ISO 8601 date-time with offset',
    },
  )
  .describe('Epoch milliseconds, or ISO 8601 with offset');

const STATUS_RULE = 'must be a whole number from 100 to 599';

/**
 * The optional fields of an entry, shared by what is taken in and what is stored. Text past its bound
 * ({@link TEXT_LIMITS}) is not an error: it is cut and the field is named in `truncated`.
 */
const optionalFields = {
  client_ip: ipSchema.optional(),
  client_hostname: z.string().toLowerCase().optional().describe("The client's FQDN by reverse DNS"),
  proxy_hostname: z.string().toLowerCase().optional().describe('The host name the request was made to'),
  method: z.string().min(1).max(TEXT_LIMITS.method).optional(),
  path: z.string().optional(),
  route: z.string().optional().describe('The route pattern that answered, such as /users/:id'),
  status_code: z.number().int(STATUS_RULE).min(100, STATUS_RULE).max(599, STATUS_RULE).optional(),
  response_time_ms: z.number().min(0).max(1e9).optional(),
  bytes_sent: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  user_agent: z.string().optional(),
  referrer: z.string().optional(),
  user_id: z.string().optional(),
  session_id: z.string().optional(),
  client_id: z.string().optional().describe('OAuth client'),
  trace_id: z.string().optional(),
  span_id: z.string().optional(),
  request_id: z.string().optional(),
  event: z.string().min(1).max(TEXT_LIMITS.event).optional().describe('Dotted name, such as oauth.token'),
  outcome: z.enum(['success', 'failure']).optional(),
  objects: z
    .array(z.string().min(1).max(ENTRY_LIMITS.objectLength))
    .max(ENTRY_LIMITS.objects)
    .optional()
    .describe('What the entry is about: vm-123, vol-456'),
  error: errorSchema.optional(),
  data: z.record(z.string(), jsonValue).optional().describe('Any JSON object'),
};

/** What `POST /logs` and the importer take: an entry without an id, with defaults for what is missing. */
export const entryInputSchema = z.object({
  timestamp: timestampSchema.optional().describe('Default: now'),
  kind: z.enum(['request', 'log']).optional().describe('Default: request when method and path are given'),
  level: levelSchema.optional().describe("Default: follows a request's status, else INFO"),
  component: z.string().min(1).optional(),
  message: z.string().optional(),
  ...optionalFields,
}) satisfies z.ZodType<EntryInput>;

/** The same as a client writes it: times as ISO 8601 as well, levels in any case. */
export type EntryDraft = z.input<typeof entryInputSchema>;

/** An entry as it is stored; `timestamp` is epoch milliseconds, `id` is the key of its hash. */
export const entrySchema = z.object({
  id: z.string(),
  timestamp: z.number().int(),
  kind: z.enum(['request', 'log']),
  level: z.enum(LEVEL_NAMES as [Level, ...Level[]]),
  component: z.string(),
  message: z.string(),
  ...optionalFields,
  truncated: z.array(z.string()).optional().describe('Fields that were longer than what is stored'),
}) satisfies z.ZodType<Entry>;

/** An entry as it is replied: like {@link Entry}, `timestamp` as ISO 8601 UTC with milliseconds. */
export const entryReplySchema = entrySchema.extend({
  timestamp: z.iso.datetime({ precision: 3 }),
}) satisfies z.ZodType<EntryReply>;
