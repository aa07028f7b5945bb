import { alertRuleSchema } from '../alerts/alert-rule-schema.js';
import {
  alertReplySchema,
  alertResolveSchema,
  alertRuleRemovedSchema,
  alertRuleReplySchema,
  alertRulesReplySchema,
  alertSilenceSchema,
  alertsQuerySchema,
  alertsReplySchema,
  alertTestReplySchema,
  alertTestSchema,
  notifyTestReplySchema,
  notifyTestSchema,
} from '../alerts/alert-schemas.js';
import { AUDIT_ENDPOINTS } from '../audit/audit-endpoints.js';
import {
  entryBodySchema,
  identifiedEntryBodySchema,
  MAX_ARCHIVED_PER_REQUEST,
  MAX_ENTRIES_PER_REQUEST,
} from '../entry/entry-body.js';
import { levelTableInputSchema, levelTableSchema } from '../entry/level-table-schema.js';
import { serviceLogBodySchema, serviceLogSchema } from '../entry/service-log-schema.js';
import { archiveImportQuerySchema } from '../parameters/archive-import-query.js';
import { exportQuerySchema } from '../parameters/export-query.js';
import { errorGroupsQuerySchema, patternsQuerySchema } from '../parameters/insight-query.js';
import {
  eventsQuerySchema,
  facetsQuerySchema,
  histogramQuerySchema,
  slowQuerySchema,
  statsQuerySchema,
  timesQuerySchema,
  topQuerySchema,
} from '../parameters/statistics-query.js';
import { streamQuerySchema } from '../parameters/stream-query.js';
import { analyticsReplySchema } from '../replies/analytics-reply.js';
import { archiveReplySchema, archiveVerifyReplySchema } from '../replies/archive-reply.js';
import { clearProgressSchema, clearQuerySchema } from '../replies/clear.js';
import { costReplySchema } from '../replies/cost-reply.js';
import { deletedReplySchema, deletionQuerySchema, restoredReplySchema } from '../replies/deletion-reply.js';
import { deliveryReplySchema } from '../replies/delivery-reply.js';
import {
  errorGroupMarkReplySchema,
  errorGroupMarkSchema,
  errorGroupsReplySchema,
  patternsReplySchema,
} from '../replies/insight-reply.js';
import { mcpReplySchema } from '../replies/mcp-reply.js';
import {
  oauthFlowQuerySchema,
  oauthFlowsReplySchema,
  oauthIpQuerySchema,
  oauthSummaryReplySchema,
  oauthUserQuerySchema,
} from '../replies/oauth-reply.js';
import { otlpReplySchema } from '../replies/otlp-reply.js';
import {
  entryFoundSchema,
  healthReplySchema,
  ingestReplySchema,
  logsReplySchema,
  readyReplySchema,
  testReplySchema,
} from '../replies/reply.js';
import { savedSearchInputSchema, searchesReplySchema } from '../replies/searches-reply.js';
import { sessionReplySchema, signInSchema } from '../replies/session-reply.js';
import {
  eventsReplySchema,
  facetsReplySchema,
  histogramReplySchema,
  statsReplySchema,
  timesReplySchema,
  topReplySchema,
} from '../replies/statistics-reply.js';
import { type Endpoint, type EndpointMethod, json, lines, noParameters, text } from './endpoint.js';
import { entries, serviceLogs } from './entries-endpoint.js';
import { LOKI_ENDPOINTS } from './loki-endpoints.js';

/**
 * Every endpoint of the gateway, by method and path. Routes, checks, 405s, scopes, `/openapi.json`, `/docs`, the tables of
 * docs/http-api.md and the client's types come from here; a new one is an entry here and its handler in the gateway.
 */
export const ENDPOINTS = {
  'GET /logs': entries('Entries, by any filter'),
  'GET /logs/search': entries('The same as /logs, by custom with q'),
  'GET /logs/errors': entries('Entries of level ERROR and CRITICAL, and requests with status >= 400'),
  'GET /logs/ip/{ip}': entries('Entries of a client IP', { pathFilter: 'ip' }),
  'GET /logs/host/{hostname}': entries("Entries by the client's host name", { pathFilter: 'fqdn' }),
  'GET /logs/proxy/{hostname}': entries('Entries by the host name requests were made to', {
    pathFilter: 'host',
  }),
  'GET /logs/user/{id}': entries('Entries of a user', { pathFilter: 'user' }),
  'GET /logs/session/{id}': entries('Entries of a session', { pathFilter: 'session' }),
  'GET /logs/client/{client_id}': entries('Entries of an OAuth client', { pathFilter: 'client' }),
  'GET /logs/trace/{id}': entries('Entries of a trace', { pathFilter: 'trace' }),
  'GET /logs/method/{method}': entries('Requests of an HTTP method', { pathFilter: 'method' }),
  'GET /logs/status/{code}': entries('Requests by status: 404, 4xx, 500-599', { pathFilter: 'status' }),
  'GET /logs/path': entries('Requests by path, which it needs', { needs: 'path' }),
  'GET /logs/slow': {
    scope: 'read',
    load: 'search',
    summary: 'What took long: the newest of it, or the slowest',
    query: slowQuerySchema,
    replies: [json(logsReplySchema)],
  },
  'GET /logs/oauth/{ip}': {
    scope: 'read',
    load: 'join',
    summary: 'OAuth activity of a client IP, counted',
    query: oauthIpQuerySchema,
    pathFilter: 'ip',
    replies: [json(oauthSummaryReplySchema)],
  },
  'GET /logs/oauth-debug/{ip}': {
    scope: 'read',
    load: 'join',
    summary: 'OAuth flows of a client IP, step by step',
    query: oauthIpQuerySchema,
    pathFilter: 'ip',
    replies: [json(oauthFlowsReplySchema)],
  },
  'GET /logs/oauth-flow': {
    scope: 'read',
    load: 'join',
    summary: 'OAuth flows, of a client or a user',
    query: oauthFlowQuerySchema,
    replies: [json(oauthFlowsReplySchema)],
  },
  'GET /logs/oauth-user/{username}': {
    scope: 'read',
    load: 'join',
    summary: 'OAuth flows of a user',
    query: oauthUserQuerySchema,
    pathFilter: 'user',
    replies: [json(oauthFlowsReplySchema)],
  },
  'GET /logs/entry/{id}': {
    scope: 'read',
    summary: 'One entry',
    query: noParameters,
    replies: [json(entryFoundSchema)],
  },
  'GET /logs/export': {
    scope: 'read',
    load: 'export',
    summary: 'Every entry that matches, newest first, as a stream',
    query: exportQuerySchema,
    replies: [lines(entryFoundSchema.shape.entry), text('text/csv')],
  },
  'GET /logs/stream': {
    scope: 'read',
    load: 'follow',
    summary: 'Entries as they are written, as Server-Sent Events',
    query: streamQuerySchema,
    replies: [text('text/event-stream')],
  },
  'GET /logs/stats': {
    scope: 'read',
    load: 'search',
    summary: 'Figures: requests, entries, response times, visitors',
    query: statsQuerySchema,
    replies: [json(statsReplySchema)],
  },
  'GET /logs/events': {
    scope: 'read',
    load: 'search',
    summary: 'Entries by event and hour',
    query: eventsQuerySchema,
    replies: [json(eventsReplySchema)],
  },
  'GET /logs/top': {
    scope: 'read',
    load: 'search',
    summary: 'The most frequent paths, client IPs, hosts or users',
    query: topQuerySchema,
    replies: [json(topReplySchema)],
  },
  'GET /logs/histogram': {
    scope: 'read',
    load: 'search',
    summary: 'Entries over time',
    query: histogramQuerySchema,
    replies: [json(histogramReplySchema)],
  },
  'GET /logs/times': {
    scope: 'read',
    load: 'search',
    summary: 'Response times over time: p50 and p95',
    query: timesQuerySchema,
    replies: [json(timesReplySchema)],
  },
  'GET /logs/facets': {
    scope: 'read',
    load: 'search',
    summary: 'The most frequent values of several fields, under one filter',
    query: facetsQuerySchema,
    replies: [json(facetsReplySchema)],
  },
  'GET /logs/error-groups': {
    scope: 'read',
    load: 'join',
    summary: 'Errors with one cause as one group: regressed and new ones first, then the most frequent',
    query: errorGroupsQuerySchema,
    replies: [json(errorGroupsReplySchema)],
  },
  'PUT /logs/error-groups/{fingerprint}': {
    scope: 'admin',
    summary: 'Says of a group of errors that it is known, resolved or muted',
    query: noParameters,
    body: {
      type: 'application/json',
      schema: errorGroupMarkSchema,
      of: 'a state',
      invalid: 'invalid_body',
    },
    replies: [json(errorGroupMarkReplySchema)],
  },
  'DELETE /logs/error-groups/{fingerprint}': {
    scope: 'admin',
    summary: 'Takes back what was said of a group of errors',
    query: noParameters,
    replies: [json(errorGroupMarkReplySchema)],
  },
  'GET /logs/patterns': {
    scope: 'read',
    load: 'join',
    summary: 'Messages without what differs between them, counted; what is new, gone, more than usual',
    query: patternsQuerySchema,
    replies: [json(patternsReplySchema)],
  },
  'POST /logs': {
    scope: 'write',
    summary: 'Takes one entry or an array of them, or lines of a log',
    body: {
      type: 'application/json',
      lines: 'Lines of a log of any format that is known, told by each line',
      idempotent: true,
      schema: identifiedEntryBodySchema,
      maxItems: MAX_ENTRIES_PER_REQUEST,
      of: 'an entry',
      invalid: 'invalid_entry',
    },
    replies: [json(ingestReplySchema)],
  },
  'POST /api/logs': {
    scope: 'write',
    summary: 'Takes the logs of services: one, an array of them, or a line of JSON each',
    body: {
      type: 'application/json',
      ndjson: true,
      idempotent: true,
      schema: serviceLogBodySchema,
      maxItems: MAX_ENTRIES_PER_REQUEST,
      of: 'a log',
      invalid: 'invalid_entry',
    },
    replies: [json(ingestReplySchema)],
  },
  'GET /api/logs': serviceLogs('Logs of services, by any filter'),
  'GET /api/search': serviceLogs('The same under another name'),
  'GET /api/logs/stats': {
    scope: 'read',
    load: 'search',
    summary: 'The same as /logs/stats',
    query: statsQuerySchema,
    replies: [json(statsReplySchema)],
  },
  'GET /api/logs/{id}': {
    scope: 'read',
    summary: "One log, by its sender's own id or the entry's",
    query: noParameters,
    replies: [json(serviceLogSchema)],
  },
  'DELETE /api/logs/{id}': {
    scope: 'admin',
    summary: 'Deletes one entry, which can be restored until it expires; the audit trail tells of it',
    query: deletionQuerySchema,
    replies: [json(deletedReplySchema)],
  },
  'POST /api/logs/{id}/restore': {
    scope: 'admin',
    summary: 'Restores an entry that was deleted',
    query: deletionQuerySchema,
    replies: [json(restoredReplySchema)],
  },
  'POST /v1/logs': {
    scope: 'write',
    summary: 'Takes logs as OpenTelemetry sends them: OTLP/HTTP, protobuf or JSON',
    foreign: {
      types: ['application/x-protobuf', 'application/json'],
      of: 'An ExportLogsServiceRequest of OTLP',
    },
    replies: [json(otlpReplySchema), text('application/x-protobuf')],
  },
  ...LOKI_ENDPOINTS,
  'POST /mcp': {
    scope: 'read',
    summary: 'Tools that read, for programs with a language model: the Model Context Protocol',
    foreign: {
      types: ['application/json'],
      of: 'A message of JSON-RPC, as the Model Context Protocol has it',
    },
    replies: [json(mcpReplySchema), text('text/event-stream')],
  },
  'POST /logs/test': {
    scope: 'write',
    summary: 'Writes an entry and reads it back',
    replies: [json(testReplySchema)],
  },
  'DELETE /logs': {
    scope: 'admin',
    summary: 'Removes all log data, or the entries that match; replies its progress',
    query: clearQuerySchema,
    replies: [lines(clearProgressSchema)],
  },
  'GET /logs/delivery': {
    scope: 'read',
    summary: 'What became of the entries of every writer',
    query: noParameters,
    replies: [json(deliveryReplySchema)],
  },
  'GET /logs/cost': {
    scope: 'read',
    load: 'search',
    summary: 'What logs take in Redis and in the archive, estimated from a sample',
    query: noParameters,
    replies: [json(costReplySchema)],
  },
  'GET /logs/archive': {
    scope: 'read',
    summary: 'What is sealed in files, by class and day, and what is not yet',
    query: noParameters,
    replies: [json(archiveReplySchema)],
  },
  'POST /logs/archive': {
    scope: 'admin',
    summary: 'Takes entries of any age into files, under a class that is kept for days of its own',
    query: archiveImportQuerySchema,
    body: {
      type: 'application/json',
      schema: entryBodySchema,
      maxItems: MAX_ARCHIVED_PER_REQUEST,
      of: 'an entry',
      invalid: 'invalid_entry',
    },
    replies: [json(ingestReplySchema)],
  },
  'GET /logs/archive/verify': {
    scope: 'admin',
    load: 'export',
    summary: 'Compares every sealed file with what it was when it was sealed',
    query: noParameters,
    replies: [json(archiveVerifyReplySchema)],
  },
  'GET /logs/levels': {
    scope: 'read',
    summary: 'The levels set for all running writers',
    query: noParameters,
    replies: [json(levelTableSchema)],
  },
  'PUT /logs/levels': {
    scope: 'admin',
    summary: 'Sets them, in place of those before; writers follow within two seconds',
    query: noParameters,
    body: {
      type: 'application/json',
      schema: levelTableInputSchema,
      of: 'a table',
      invalid: 'invalid_body',
    },
    replies: [json(levelTableSchema)],
  },
  'DELETE /logs/levels': {
    scope: 'admin',
    summary: 'Takes them away: every writer has its own again',
    query: noParameters,
    replies: [json(levelTableSchema)],
  },
  'GET /api/analytics': {
    scope: 'read',
    load: 'join',
    summary: 'Figures beside those of the same span a week before, what is frequent, which errors are new',
    query: statsQuerySchema,
    replies: [json(analyticsReplySchema)],
  },
  'GET /api/alerts': {
    scope: 'read',
    summary: 'Alerts that are pending or firing, and what happened before',
    query: alertsQuerySchema,
    replies: [json(alertsReplySchema)],
  },
  'GET /api/alerts/rules': {
    scope: 'read',
    summary: 'Alert rules, and where each stands',
    query: noParameters,
    replies: [json(alertRulesReplySchema)],
  },
  'POST /api/alerts/rules': {
    scope: 'admin',
    summary: 'Adds an alert rule',
    query: noParameters,
    body: { type: 'application/json', schema: alertRuleSchema, of: 'a rule', invalid: 'invalid_body' },
    replies: [json(alertRuleReplySchema)],
  },
  'PUT /api/alerts/rules/{id}': {
    scope: 'admin',
    summary: 'Sets an alert rule, in place of the one of that id',
    query: noParameters,
    body: { type: 'application/json', schema: alertRuleSchema, of: 'a rule', invalid: 'invalid_body' },
    replies: [json(alertRuleReplySchema)],
  },
  'DELETE /api/alerts/rules/{id}': {
    scope: 'admin',
    summary: 'Takes an alert rule away; what fires of it is resolved',
    query: noParameters,
    replies: [json(alertRuleRemovedSchema)],
  },
  'POST /api/alerts/test': {
    scope: 'read',
    load: 'export',
    summary: 'Says when a rule would have fired; notifies nobody',
    query: noParameters,
    body: { type: 'application/json', schema: alertTestSchema, of: 'a test', invalid: 'invalid_body' },
    replies: [json(alertTestReplySchema)],
  },
  'POST /api/alerts/notify-test': {
    scope: 'admin',
    summary: 'Sends a test over a channel, and says whether it was taken',
    query: noParameters,
    body: { type: 'application/json', schema: notifyTestSchema, of: 'a test', invalid: 'invalid_body' },
    replies: [json(notifyTestReplySchema)],
  },
  'POST /api/alerts/{id}/resolve': {
    scope: 'admin',
    summary: 'Resolves an alert that fires; it begins anew only after it was right',
    query: noParameters,
    body: {
      type: 'application/json',
      schema: alertResolveSchema,
      of: 'a resolution',
      invalid: 'invalid_body',
    },
    replies: [json(alertReplySchema)],
  },
  'POST /api/alerts/{id}/silence': {
    scope: 'admin',
    summary: 'Tells nobody of an alert, or of its rule, for a while',
    query: noParameters,
    body: { type: 'application/json', schema: alertSilenceSchema, of: 'a silence', invalid: 'invalid_body' },
    replies: [json(alertReplySchema)],
  },
  ...AUDIT_ENDPOINTS,
  'GET /logs/searches': {
    scope: 'read',
    summary: 'Views of the console that were saved with a name',
    query: noParameters,
    replies: [json(searchesReplySchema)],
  },
  'PUT /logs/searches/{name}': {
    scope: 'write',
    summary: 'Saves one, in place of one of that name',
    query: noParameters,
    body: {
      type: 'application/json',
      schema: savedSearchInputSchema,
      of: 'a search',
      invalid: 'invalid_body',
    },
    replies: [json(searchesReplySchema)],
  },
  'DELETE /logs/searches/{name}': {
    scope: 'write',
    summary: 'Removes one, where there is one of that name',
    query: noParameters,
    replies: [json(searchesReplySchema)],
  },
  'GET /session': {
    scope: 'open',
    summary: 'The scopes of this request, for the console',
    query: noParameters,
    replies: [json(sessionReplySchema)],
  },
  'POST /session': {
    scope: 'open',
    summary: 'Signs a browser in with a token, which it then holds as a cookie',
    query: noParameters,
    body: { type: 'application/json', schema: signInSchema, of: 'a sign-in', invalid: 'invalid_body' },
    replies: [json(sessionReplySchema)],
  },
  'DELETE /session': {
    scope: 'open',
    summary: 'Takes the cookie away',
    query: noParameters,
    replies: [json(sessionReplySchema)],
  },
  'GET /health': {
    scope: 'open',
    summary: 'Whether the engine answers',
    replies: [json(healthReplySchema), json(healthReplySchema, 503)],
  },
  'GET /health/ready': {
    scope: 'open',
    summary: 'Whether it should be sent requests',
    replies: [json(readyReplySchema), json(readyReplySchema, 503)],
  },
  'GET /metrics': { scope: 'read', summary: 'Figures for Prometheus', replies: [text('text/plain')] },
  'GET /openapi.json': {
    scope: 'open',
    summary: 'This API, for programs',
    replies: [text('application/json')],
  },
  'GET /docs': { scope: 'open', summary: 'This API, for people', replies: [text('text/html')] },
} as const satisfies Readonly<Record<`${EndpointMethod} /${string}`, Endpoint>>;
