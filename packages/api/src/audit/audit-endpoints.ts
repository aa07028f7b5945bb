import { type Endpoint, type EndpointMethod, json, noParameters } from '../endpoints/endpoint.js';
import { MAX_ENTRIES_PER_REQUEST } from '../entry/entry-body.js';
import { ingestReplySchema } from '../replies/reply.js';
import { auditBodySchema } from './audit-body.js';
import { auditQuerySchema, entityQuerySchema } from './audit-query.js';
import { auditFoundSchema, auditReplySchema, entityReplySchema } from './audit-reply.js';
import { checkpointReplySchema, proofReplySchema } from './proof-replies.js';
import {
  breakglassQuerySchema,
  breakglassReplySchema,
  costsQuerySchema,
  costsReplySchema,
  runReplySchema,
  runsQuerySchema,
  runsReplySchema,
} from './run-replies.js';

/** The endpoints of the audit trail (spec 002 "Audit Trail Endpoints") and of runs, a part of the table of endpoints. */
export const AUDIT_ENDPOINTS = {
  'GET /api/audit': {
    scope: 'read',
    load: 'search',
    summary: 'Who did what: audit entries in their parts, with what changed',
    query: auditQuerySchema,
    replies: [json(auditReplySchema)],
  },
  'POST /api/audit': {
    scope: 'write',
    summary: 'Takes one audit entry or an array of them',
    body: {
      type: 'application/json',
      schema: auditBodySchema,
      maxItems: MAX_ENTRIES_PER_REQUEST,
      of: 'an audit entry',
      invalid: 'invalid_entry',
    },
    replies: [json(ingestReplySchema)],
  },
  'GET /api/audit/entities/{type}/{id}': {
    scope: 'read',
    load: 'search',
    summary: 'The history of one entity, entry by entry and value by value',
    query: entityQuerySchema,
    replies: [json(entityReplySchema)],
  },
  'GET /api/audit/breakglass': {
    scope: 'read',
    load: 'search',
    summary: 'Who set a policy out of force, why, until when, and whether it was used',
    query: breakglassQuerySchema,
    replies: [json(breakglassReplySchema)],
  },
  'GET /api/audit/checkpoint': {
    scope: 'read',
    summary: 'The newest signed checkpoint of the audit trail, and the public keys it can be checked with',
    query: noParameters,
    replies: [json(checkpointReplySchema)],
  },
  'GET /api/audit/proof': {
    scope: 'read',
    load: 'export',
    summary: 'Checks every audit entry that is stored against the signed tree, and names what was changed',
    query: noParameters,
    replies: [json(proofReplySchema)],
  },
  'GET /api/audit/{id}': {
    scope: 'read',
    summary: 'One audit entry, in its parts and as it is stored',
    query: noParameters,
    replies: [json(auditFoundSchema)],
  },
  'GET /api/runs': {
    scope: 'read',
    load: 'search',
    summary: 'Runs, with how each ended and what it cost',
    query: runsQuerySchema,
    replies: [json(runsReplySchema)],
  },
  'GET /api/runs/{id}': {
    scope: 'read',
    load: 'search',
    summary: 'One run, moment by moment',
    query: noParameters,
    replies: [json(runReplySchema)],
  },
  'GET /api/costs': {
    scope: 'read',
    load: 'search',
    summary: 'What was spent, by run, model, day or tool',
    query: costsQuerySchema,
    replies: [json(costsReplySchema)],
  },
} as const satisfies Readonly<Record<`${EndpointMethod} /${string}`, Endpoint>>;
