import { z } from 'zod';
import { entryReplySchema } from '../entry/entry-schema.js';

/** What every endpoint that finds entries replies. */
export const logsReplySchema = z.object({
  query: z.record(z.string(), z.unknown()).describe('The query as it was understood'),
  logs: z.array(entryReplySchema).describe('Oldest to newest'),
  count: z.number().int().describe('Entries in logs'),
  total: z
    .number()
    .int()
    .nullable()
    .describe('All matches in the window where one index knows it, else null'),
  next_cursor: z.string().nullable().describe('Goes on to older entries; null at the end'),
  partial: z
    .boolean()
    .describe(
      'True when the scan budget, or the bytes of the entries, ended the page before it was full; next_cursor goes on',
    ),
  partial_reason: z.string().optional().describe('Why entries are missing that no next_cursor leads to'),
});

/** @see logsReplySchema */
export type LogsReply = z.output<typeof logsReplySchema>;

/** What `GET /logs/entry/{id}` replies. */
export const entryFoundSchema = z.object({ entry: entryReplySchema });

/** @see entryFoundSchema */
export type EntryFound = z.output<typeof entryFoundSchema>;

/**
 * What `POST /logs` replies. An entry whose shape is wrong refuses the whole request (400); an entry refused for its
 * age, or by Redis, is listed here beside the accepted ones.
 */
export const ingestReplySchema = z.object({
  accepted: z.number().int(),
  ids: z.array(z.string().nullable()).describe('Ids in the order given; null for a refused entry'),
  refused: z.array(
    z.object({
      index: z.number().int().describe('Place in the request, from 0'),
      line: z.number().int().optional().describe('Of lines of a log: the number of the line, from 1'),
      code: z.enum(['entry_too_old', 'entry_in_future', 'rejected', 'line_not_understood']),
      message: z.string(),
    }),
  ),
});

/** @see ingestReplySchema */
export type IngestReply = z.output<typeof ingestReplySchema>;

/** What `POST /logs/test` replies: one entry was written and read back. */
export const testReplySchema = z.object({
  ok: z.boolean(),
  id: z.string(),
  write_ms: z.number(),
  read_ms: z.number(),
});

/** @see testReplySchema */
export type TestReply = z.output<typeof testReplySchema>;

/** What `GET /health` replies; where tokens are needed, only `status` to whoever has none that may read. */
export const healthReplySchema = z.object({
  status: z.enum(['ok', 'unavailable']),
  version: z.string().optional(),
  engine: z.string().optional().describe('Which engine holds the data, and its version'),
  embedded: z.boolean().optional().describe('True: the data is in memory and ends with the gateway'),
  redis_url: z
    .string()
    .nullable()
    .optional()
    .describe(
      "The embedded engine's REDIS_URL, for services on this machine; null with a REDIS_URL of its own, and to others",
    ),
  uptime_s: z.number().optional(),
  topology: z
    .object({
      kind: z.enum(['server', 'sentinel', 'cluster']),
      nodes: z.array(z.string()).describe('host:port of each master of a cluster'),
      shards: z.number().int().describe('Over how many shards entries are spread; 1 without a cluster'),
      away: z.array(z.number().int()).describe('Numbers of the shards that do not answer'),
    })
    .optional()
    .describe('What the engine is made of'),
  eviction: z
    .object({
      policy: z.string().describe('Its maxmemory-policy; only noeviction keeps what is written'),
      max_bytes: z.number().int().describe('Its maxmemory; 0: no bound'),
    })
    .nullable()
    .optional()
    .describe('How the engine removes logs without a word when its memory is full; null: it does not'),
  writers: z
    .array(
      z.object({
        id: z.string(),
        host: z.string().nullable(),
        pid: z.number().int().nullable(),
        skew_ms: z.number().int().nullable().describe("How far its clock was ahead of the server's"),
        index_failed: z.number().int().describe('Keys its batches could not write'),
      }),
    )
    .optional()
    .describe(
      'Of the last 7 days, those whose clock is off by a second or more, or who could not write a key',
    ),
});

/** @see healthReplySchema */
export type HealthReply = z.output<typeof healthReplySchema>;

/** What `GET /health/ready` replies. */
export const readyReplySchema = z.object({
  ready: z.boolean(),
  archive: z
    .string()
    .nullable()
    .optional()
    .describe(
      'Why nothing can be sealed now, such as a full disk; null: it can; missing: there is no archive',
    ),
});

/** @see readyReplySchema */
export type ReadyReply = z.output<typeof readyReplySchema>;

/** Stable codes of errors the gateway replies. */
export const ERROR_CODES = {
  invalid_parameter: 400,
  invalid_body: 400,
  invalid_entry: 400,
  entry_too_old: 400,
  entry_in_future: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  key_conflict: 409,
  conflict: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  too_many_requests: 429,
  internal: 500,
  rejected: 503,
  store_unavailable: 503,
} as const;

/** @see ERROR_CODES */
export type ErrorCode = keyof typeof ERROR_CODES;

/** The body of every 4xx and 5xx reply. */
export const errorReplySchema = z.object({
  error: z.object({
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    message: z.string().describe('What was wrong, and what is allowed'),
    field: z.string().optional().describe('The parameter, header or body field'),
    request_id: z.string(),
  }),
});

/** @see errorReplySchema */
export type ErrorReply = z.output<typeof errorReplySchema>;
