import {
  clearProgressSchema,
  clearQuerySchema,
  deliveryReplySchema,
  entryFoundSchema,
  entryInputSchema,
  eventsQuerySchema,
  eventsReplySchema,
  exportQuerySchema,
  healthReplySchema,
  histogramQuerySchema,
  histogramReplySchema,
  ingestReplySchema,
  levelTableInputSchema,
  levelTableSchema,
  logQuerySchema,
  logsReplySchema,
  oauthFlowQuerySchema,
  oauthFlowsReplySchema,
  oauthIpQuerySchema,
  oauthSummaryReplySchema,
  oauthUserQuerySchema,
  readyReplySchema,
  slowQuerySchema,
  statsQuerySchema,
  statsReplySchema,
  testReplySchema,
  topQuerySchema,
  topReplySchema,
} from '@tailrace/schema';
import type { z } from 'zod';
import { MAX_ENTRIES } from './max-entries.js';
import { streamQuerySchema } from './stream.js';

/** One endpoint as `/openapi.json` and `/docs` show it. What it takes and replies stands in the schemas alone. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With its parameters in braces; each is a text. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What the body may be as text. */
  readonly textBody?: string;
  /** As many of `body` as one request may bring. */
  readonly maxItems?: number;
  /** Of a 200, and of what else has no error for its body. */
  readonly replies: readonly Reply[];
}

/** @see Operation */
export interface Reply {
  readonly status: number;
  readonly type: string;
  /** `undefined`: a text. */
  readonly schema: z.ZodType | undefined;
}

const json = (schema: z.ZodType, status = 200): Reply => ({ status, type: 'application/json', schema });
const lines = (schema: z.ZodType): Reply => ({ status: 200, type: 'application/x-ndjson', schema });
const text = (type: string): Reply => ({ status: 200, type, schema: undefined });

const entries = (path: string, summary: string): Operation => ({
  method: 'get',
  path,
  summary,
  query: logQuerySchema,
  replies: [json(logsReplySchema)],
});

const flows = (path: string, summary: string, query: z.ZodObject): Operation => ({
  method: 'get',
  path,
  summary,
  query,
  replies: [json(oauthFlowsReplySchema)],
});

/** Every endpoint. A test compares them with the routes. */
export const OPERATIONS: readonly Operation[] = [
  entries('/logs', 'Entries, by any filter'),
  entries('/logs/search', 'The same as /logs, by custom with q'),
  entries('/logs/errors', 'Entries of level ERROR and CRITICAL, and requests with status >= 400'),
  entries('/logs/ip/{ip}', 'Entries of a client IP'),
  entries('/logs/host/{hostname}', "Entries by the client's host name"),
  entries('/logs/proxy/{hostname}', 'Entries by the host name requests were made to'),
  entries('/logs/user/{id}', 'Entries of a user'),
  entries('/logs/session/{id}', 'Entries of a session'),
  entries('/logs/client/{client_id}', 'Entries of an OAuth client'),
  entries('/logs/trace/{id}', 'Entries of a trace'),
  entries('/logs/method/{method}', 'Requests of an HTTP method'),
  entries('/logs/status/{code}', 'Requests by status: 404, 4xx, 500-599'),
  entries('/logs/path', 'Requests by path, which it needs'),
  { ...entries('/logs/slow', 'What took long: the newest of it, or the slowest'), query: slowQuerySchema },
  {
    method: 'get',
    path: '/logs/oauth/{ip}',
    summary: 'OAuth activity of a client IP, counted',
    query: oauthIpQuerySchema,
    replies: [json(oauthSummaryReplySchema)],
  },
  flows('/logs/oauth-debug/{ip}', 'OAuth flows of a client IP, step by step', oauthIpQuerySchema),
  flows('/logs/oauth-flow', 'OAuth flows, of a client or a user', oauthFlowQuerySchema),
  flows('/logs/oauth-user/{username}', 'OAuth flows of a user', oauthUserQuerySchema),
  {
    method: 'get',
    path: '/logs/entry/{id}',
    summary: 'One entry',
    replies: [json(entryFoundSchema)],
  },
  {
    method: 'get',
    path: '/logs/export',
    summary: 'Every entry that matches, newest first, as a stream',
    query: exportQuerySchema,
    replies: [lines(entryFoundSchema.shape.entry), text('text/csv')],
  },
  {
    method: 'get',
    path: '/logs/stream',
    summary: 'Entries as they are written, as Server-Sent Events',
    query: streamQuerySchema,
    replies: [text('text/event-stream')],
  },
  {
    method: 'get',
    path: '/logs/stats',
    summary: 'Figures: requests, entries, response times, visitors',
    query: statsQuerySchema,
    replies: [json(statsReplySchema)],
  },
  {
    method: 'get',
    path: '/logs/events',
    summary: 'Entries by event and hour',
    query: eventsQuerySchema,
    replies: [json(eventsReplySchema)],
  },
  {
    method: 'get',
    path: '/logs/top',
    summary: 'The most frequent paths, client IPs, hosts or users',
    query: topQuerySchema,
    replies: [json(topReplySchema)],
  },
  {
    method: 'get',
    path: '/logs/histogram',
    summary: 'Entries over time',
    query: histogramQuerySchema,
    replies: [json(histogramReplySchema)],
  },
  {
    method: 'post',
    path: '/logs',
    summary: 'Takes one entry or an array of them',
    body: entryInputSchema,
    textBody: 'Lines of a log in any format that is known, told by each line',
    maxItems: MAX_ENTRIES,
    replies: [json(ingestReplySchema)],
  },
  {
    method: 'post',
    path: '/logs/test',
    summary: 'Writes an entry and reads it back',
    replies: [json(testReplySchema)],
  },
  {
    method: 'delete',
    path: '/logs',
    summary: 'Removes all log data, or the entries that match; replies its progress',
    query: clearQuerySchema,
    replies: [lines(clearProgressSchema)],
  },
  {
    method: 'get',
    path: '/logs/delivery',
    summary: 'What became of the entries of every writer',
    replies: [json(deliveryReplySchema)],
  },
  {
    method: 'get',
    path: '/logs/levels',
    summary: 'The levels set for all running writers',
    replies: [json(levelTableSchema)],
  },
  {
    method: 'put',
    path: '/logs/levels',
    summary: 'Sets them, in place of those before; writers follow within two seconds',
    body: levelTableInputSchema,
    replies: [json(levelTableSchema)],
  },
  {
    method: 'delete',
    path: '/logs/levels',
    summary: 'Takes them away: every writer has its own again',
    replies: [json(levelTableSchema)],
  },
  {
    method: 'get',
    path: '/health',
    summary: 'Whether the engine answers',
    replies: [json(healthReplySchema), json(healthReplySchema, 503)],
  },
  {
    method: 'get',
    path: '/health/ready',
    summary: 'Whether it should be sent requests',
    replies: [json(readyReplySchema), json(readyReplySchema, 503)],
  },
  { method: 'get', path: '/metrics', summary: 'Figures for Prometheus', replies: [text('text/plain')] },
  {
    method: 'get',
    path: '/openapi.json',
    summary: 'This API, for programs',
    replies: [text('application/json')],
  },
  { method: 'get', path: '/docs', summary: 'This API, for people', replies: [text('text/html')] },
];
