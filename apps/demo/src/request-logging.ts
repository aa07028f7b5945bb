import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { DemoContext, DemoEnv, DemoLog } from './demo-env.js';

/** What every entry about one request carries, so that it is found by any of it. */
export interface RequestFields {
  readonly client_ip: string;
  readonly proxy_hostname: string;
  readonly trace_id: string;
  readonly request_id: string;
  readonly user_id?: string;
  readonly session_id?: string;
}

/** Names the client whose request the demo's own traffic plays. */
export const CLIENT_HEADER = 'x-demo-client';
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/;

/** Logs every request when it is answered, and puts into `c.var.fields` what its other entries share. */
export function logRequests(
  log: Pick<DemoLog, 'log_request'>,
  now: () => number,
): MiddlewareHandler<DemoEnv> {
  return async (c, next) => {
    const started = now();
    c.set('fields', fieldsOf(c));
    await next();
    const { client_ip, proxy_hostname, ...fields } = c.var.fields;
    const { pathname, search } = new URL(c.req.url);
    const route = routePath(c, -1);
    log.log_request(c.req.method, pathname + search, client_ip, proxy_hostname, {
      ...fields,
      status_code: c.res.status,
      response_time_ms: now() - started,
      bytes_sent: await bytesOf(c.res),
      user_agent: c.req.header('user-agent'),
      referrer: c.req.header('referer'),
      // Middleware matches everything: nothing of the application answered there.
      route: route === '/*' ? undefined : route,
    });
  };
}

function fieldsOf(c: DemoContext): RequestFields {
  const [, traceId] = TRACEPARENT.exec(c.req.header('traceparent') ?? '') ?? [];
  return {
    client_ip: clientOf(c),
    proxy_hostname: new URL(c.req.url).hostname,
    trace_id: traceId ?? randomBytes(16).toString('hex'),
    request_id: c.var.requestId,
  };
}

/**
 * The header is believed only because the demo listens on loopback and sends it itself. An application believes
 * such a header from its own proxies and from nobody else.
 */
function clientOf(c: DemoContext): string {
  const named = c.req.header(CLIENT_HEADER) ?? '';
  return isIP(named) ? named : (c.env?.incoming?.socket.remoteAddress ?? '127.0.0.1');
}

/** Every answer of the demo is short and already in memory; a streamed one would be counted as it leaves. */
async function bytesOf(response: Response): Promise<number> {
  return (await response.clone().arrayBuffer()).byteLength;
}
