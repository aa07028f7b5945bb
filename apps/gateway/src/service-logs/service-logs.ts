import type { ServiceLogQuery } from '@tailrace/api';
import type { Entry, Filter } from '@tailrace/schema';
import type { EndpointCall, Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import type { PageRoom } from '../http/page-room.js';
import { understandQuery } from '../http/query/understood-query.js';
import { ingestReply } from '../intake/ingest-reply.js';
import { createWriteOnce } from '../intake/write-once.js';
import { replyPage } from '../logs/logs-reply.js';
import { statisticsHandlers } from '../statistics/statistics.js';
import { entryOfServiceLog, serviceLogOf } from './service-log.js';

/** Answers `/api/logs` and `/api/search`: the same entries, as spec 002 has them. */
export function serviceLogHandlers(deps: GatewayDeps, room: PageRoom) {
  const { reader, senderIds, now = Date.now } = deps;
  const writeOnce = createWriteOnce(deps);
  return {
    'POST /api/logs': async ({ c, body, isList }) => {
      const sent = body.map(entryOfServiceLog);
      return ingestReply(await writeOnce(c.req.raw, () => JSON.stringify(body), sent), isList);
    },
    'GET /api/logs': search,
    'GET /api/search': search,
    'GET /api/logs/stats': statisticsHandlers(deps)['GET /logs/stats'],
    'GET /api/logs/{id}': async ({ path: { id } }) => {
      const entry = (await reader.entry(id)) ?? (await sentAs(id));
      if (entry !== undefined) return serviceLogOf(entry);
      throw new RequestError('not_found', `there is no log ${shownValue(id)}; it may have expired`, 'id');
    },
  } satisfies Partial<Handlers>;

  function search({ c, query }: Pick<EndpointCall<'GET /api/logs'>, 'c' | 'query'>): Promise<Response> {
    const { shown, filter, ...request } = understandQuery(query, now());
    const { signal } = c.req.raw;
    return replyPage(c, shown, room, { name: 'logs', jsonOf: logJson }, (hasRoom) =>
      reader.search({ ...request, filter: filterOf(filter), hasRoom }, { signal }),
    );
  }

  async function sentAs(ownId: string): Promise<Entry | undefined> {
    const id = await senderIds.entryId(ownId);
    return id === undefined ? undefined : reader.entry(id);
  }
}

function logJson(entry: Entry): string {
  return JSON.stringify(serviceLogOf(entry));
}

type ServiceLogFilter = Omit<ServiceLogQuery, 'hours' | 'from' | 'to' | 'limit' | 'cursor'>;

function filterOf({ service, tag, correlation_id, ...filter }: ServiceLogFilter): Filter {
  if (service !== undefined && filter.component !== undefined) {
    throw new RequestError(
      'invalid_parameter',
      'service must not be given together with component',
      'service',
    );
  }
  return {
    ...filter,
    ...(service !== undefined && { component: service }),
    ...(tag !== undefined && { 'data.tags': tag }),
    ...(correlation_id !== undefined && { 'data.correlation_id': correlation_id }),
  };
}
