import type { FilterField } from '@tailrace/schema';
import { logQuerySchema } from '../parameters/log-query.js';
import { serviceLogQuerySchema } from '../parameters/service-log-query.js';
import { logsReplySchema } from '../replies/reply.js';
import { serviceLogsReplySchema } from '../replies/service-logs-reply.js';
import { type Endpoint, type EndpointReplyKind, json } from './endpoint.js';

/** An endpoint that finds entries. */
export interface EntriesEndpoint extends Endpoint {
  readonly scope: 'read';
  readonly query: typeof logQuerySchema;
  readonly replies: readonly [EndpointReplyKind<'application/json', typeof logsReplySchema>];
}

/** An endpoint that takes any filter, and replies with a page. */
export function entries(
  summary: string,
  more: { readonly pathFilter?: FilterField; readonly needs?: FilterField } = {},
): EntriesEndpoint {
  return {
    scope: 'read',
    load: 'search',
    summary,
    query: logQuerySchema,
    ...more,
    replies: [json(logsReplySchema)],
  };
}

/** An endpoint that takes any filter, and replies with a page of logs as spec 002 has them. */
export function serviceLogs(summary: string) {
  return {
    scope: 'read',
    load: 'search',
    summary,
    query: serviceLogQuerySchema,
    replies: [json(serviceLogsReplySchema)],
  } as const satisfies Endpoint;
}
