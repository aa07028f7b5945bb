import type { EndpointCall, Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import type { PageRoom } from '../http/page-room.js';
import { understandQuery } from '../http/query/understood-query.js';
import { replyLogs } from './logs-reply.js';

type Call = Pick<EndpointCall<'GET /logs'>, 'c' | 'query'>;

/** Answers every endpoint that finds entries; the filter in a path is one of its query's. */
export function logsHandlers({ reader, now = Date.now }: GatewayDeps, room: PageRoom) {
  const find = (call: Call) => search(call, false);

  return {
    'GET /logs': find,
    'GET /logs/search': find,
    'GET /logs/errors': (call) => search(call, true),
    'GET /logs/ip/{ip}': find,
    'GET /logs/host/{hostname}': find,
    'GET /logs/proxy/{hostname}': find,
    'GET /logs/user/{id}': find,
    'GET /logs/session/{id}': find,
    'GET /logs/client/{client_id}': find,
    'GET /logs/trace/{id}': find,
    'GET /logs/method/{method}': find,
    'GET /logs/status/{code}': find,
    'GET /logs/path': find,
  } satisfies Partial<Handlers>;

  function search({ c, query }: Call, errorsOnly: boolean): Promise<Response> {
    const { shown, ...request } = understandQuery(query, now());
    const { signal } = c.req.raw;
    return replyLogs(c, { ...shown, ...(errorsOnly && { errors_only: true }) }, room, (hasRoom) =>
      reader.search({ ...request, errorsOnly, hasRoom }, { signal }),
    );
  }
}
