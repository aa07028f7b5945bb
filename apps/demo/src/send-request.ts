import { type Agent, request } from 'node:http';
import type { DemoRequest } from './client-requests.js';
import type { DemoClient } from './clients.js';
import { CLIENT_HEADER } from './request-logging.js';

/** What came back. */
export interface DemoReply {
  readonly status: number;
  /** `name=value` of a cookie that was set. */
  readonly cookie: string | undefined;
  /** Path of what was made. */
  readonly location: string | undefined;
}

const TIMEOUT_MS = 10_000;

/**
 * Sends one client's request over real HTTP; `fetch` would not send another Host than the address.
 *
 * @throws Error when no complete answer arrives.
 */
export function sendRequest(
  url: URL,
  agent: Agent,
  client: DemoClient,
  { method, host, path, form, referrer }: DemoRequest,
): Promise<DemoReply> {
  const body = form === undefined ? '' : new URLSearchParams(form).toString();
  const headers: Record<string, string | number> = {
    host,
    'user-agent': client.userAgent,
    [CLIENT_HEADER]: client.ip,
    'content-length': Buffer.byteLength(body),
    ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(referrer !== undefined && { referer: referrer }),
    ...(client.cookie !== undefined && { cookie: client.cookie }),
  };
  const { hostname, port } = url;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    request({ agent, hostname, port, method, path, headers, signal }, (response) => {
      const cookie = response.headers['set-cookie']?.[0]?.split(';', 1)[0];
      const { location } = response.headers;
      const status = response.statusCode ?? 0;
      response.once('error', reject).once('end', () => resolve({ status, cookie, location }));
      response.resume();
    })
      .once('error', reject)
      .end(body);
  });
}
