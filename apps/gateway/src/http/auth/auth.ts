import { allows, type KnownToken, type Scope } from '@tailrace/api';
import type { MiddlewareHandler } from 'hono';
import { RequestError } from '../errors/request-error.js';
import type { GatewayContext, GatewayDeps, GatewayEnv } from '../gateway-env.js';
import type { AddressList } from './address-list.js';
import { scopeNeeded } from './scope-needed.js';
import { cookieToken } from './session-cookie.js';
import { knownToken, REALM, type TokenCheck } from './token-check.js';

/** Who may ask. */
export interface AuthOptions {
  /** The tokens there are now; none means that nobody may. */
  readonly tokens: () => readonly KnownToken[];
  readonly isTrustedProxy: AddressList;
}

const ALL: readonly Scope[] = ['admin'];
/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/**
 * Lets requests pass by their bearer token (RFC 6750), or by the cookie of a browser that signed in. Without `auth` every
 * request may do all; the gateway then listens on loopback only.
 */
export function authCheck(
  { auth }: Pick<GatewayDeps, 'auth'>,
  checkToken: TokenCheck,
): MiddlewareHandler<GatewayEnv> {
  return async (c, next) => {
    const token = auth && tokenOf(c, auth);
    const scopes = auth === undefined ? ALL : (token?.scopes ?? []);
    c.set('scopes', scopes);
    if (token !== undefined) c.set('tokenName', token.name);
    const needed = scopeNeeded(c);
    if (needed !== undefined && !allows(scopes, needed)) throw refusal(c, needed);
    await next();
  };

  function tokenOf(c: GatewayContext, { tokens }: AuthOptions): KnownToken | undefined {
    const header = c.req.header('authorization');
    if (header === undefined || !/^Bearer( |$)/i.test(header)) {
      // A cookie whose token is gone is no attempt at guessing one: its browser is asked to sign in.
      return knownToken(cookieToken(c) ?? '', tokens());
    }
    return checkToken(c, BEARER.exec(header)?.[1] ?? '', 'authorization');
  }
}

function refusal(c: GatewayContext, needed: Scope): RequestError {
  if (c.get('scopes').length === 0) {
    c.header('www-authenticate', REALM);
    const message = 'a token is needed here; allowed: the header Authorization: Bearer <token>';
    return new RequestError('unauthorized', message, 'authorization');
  }
  c.header('www-authenticate', `${REALM}, error="insufficient_scope", scope="${needed}"`);
  const message = `the token does not allow this; allowed: one with scope ${needed} or admin`;
  return new RequestError('forbidden', message, 'authorization');
}
