import { getCookie } from 'hono/cookie';
import type { GatewayContext } from '../gateway-env.js';

const NAME = 'tailrace_token';
const MAX_AGE_S = 30 * 24 * 3600;

/**
 * The token a browser signed in with. It counts only for requests of the gateway's own page: no form, image or page of another
 * origin may act with it, also where it is of the same site (another port of this machine), for which browsers send a cookie
 * that is `SameSite=Strict`. Browsers say whose page asks with `Sec-Fetch-Site`, and for what changes something with `Origin`
 * (which `originCheck` has looked at; allowed origins may ask, though not with the cookie).
 */
export function cookieToken(c: GatewayContext): string | undefined {
  const token = getCookie(c, NAME);
  if (token === undefined || token === '') return undefined;
  const site = c.req.header('sec-fetch-site');
  // Browsers leave it out on plain HTTP between machines.
  if (site === undefined) return isOwnOrigin(c) ? token : undefined;
  return site === 'same-origin' || (site === 'none' && c.req.method === 'GET') ? token : undefined;
}

/** @param token nothing to take it away */
export function setCookieToken(c: GatewayContext, token: string): void {
  const parts = [
    `${NAME}=${token}`,
    'HttpOnly',
    'SameSite=Strict',
    `Max-Age=${token === '' ? 0 : MAX_AGE_S}`,
  ];
  // Without `Path` it is for the folder of /session as the browser sees it: the path prefix of a proxy. RFC 6265, section 5.1.4.
  if (c.req.header('origin')?.startsWith('https:')) parts.push('Secure');
  c.header('set-cookie', parts.join('; '));
}

/** A request that only reads may come without `Origin`; one that changes something never does from a browser. */
function isOwnOrigin(c: GatewayContext): boolean {
  const origin = c.req.header('origin');
  if (origin === undefined) return c.req.method === 'GET' || c.req.method === 'HEAD';
  return URL.canParse(origin) && new URL(origin).host === (c.req.header('host') ?? new URL(c.req.url).host);
}
