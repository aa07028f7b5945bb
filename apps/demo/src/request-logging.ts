import { currentContext } from '@tailrace/logger';
import { logRequests as logHonoRequests } from '@tailrace/logger/hono';
import type { MiddlewareHandler } from 'hono';
import type { DemoEnv } from './demo-env.js';

/** What every entry about one request carries, so that it is found by any of it. */
export interface RequestFields {
  readonly client_ip: string;
  readonly proxy_hostname: string;
  readonly request_id: string;
  readonly trace_id?: string;
  readonly user_id?: string;
  readonly session_id?: string;
}

/** Names the client whose request the demo's own traffic plays, as a proxy would. */
export const CLIENT_HEADER: string = 'x-forwarded-for';
const LOOPBACK = '127.0.0.1';

/**
 * Logs every request when it is answered, and puts into `c.var.fields` what its other entries share. The header is
 * believed from loopback because the demo sends it itself.
 */
export function logRequests(): MiddlewareHandler<DemoEnv> {
  const logging = logHonoRequests<DemoEnv>({
    trustedProxies: [LOOPBACK],
    // A request that comes through no connection is a test's.
    peerAddress: () => LOOPBACK,
    fields: (c) => ({ user_id: c.var.fields.user_id, session_id: c.var.fields.session_id }),
  });
  return (c, next) =>
    logging(c, () => {
      c.set('fields', currentContext() as unknown as RequestFields);
      return next();
    });
}
