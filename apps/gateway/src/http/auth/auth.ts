import { timingSafeEqual } from 'node:crypto';
import { allows, type KnownToken, type Scope, tokenDigest } from '@tailrace/api';
import type { MiddlewareHandler } from 'hono';
import { RequestError } from '../errors/request-error.js';
import { shownValue } from '../errors/shown-value.js';
import type { GatewayContext, GatewayDeps, GatewayEnv } from '../gateway-env.js';
import type { AddressList } from './address-list.js';
import { clientAddress } from './client-address.js';
import { createFailureLimit } from './failure-limit.js';
import { scopeNeeded } from './scope-needed.js';

/** Who may ask. */
export interface AuthOptions {
  /** The tokens there are now; none means that nobody may. */
  readonly tokens: () => readonly KnownToken[];
  readonly isTrustedProxy: AddressList;
}

const ALL: readonly Scope[] = ['admin'];
const REALM = 'Bearer realm="tailrace"';
/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;
/** Longer than any token; what is longer is not hashed. */
const MAX_TOKEN_LENGTH = 512;

/**
 * Lets requests pass by their bearer token (RFC 6750). Without `auth` every request may do all; the gateway then listens
 * on loopback only.
 *
 * A wrong token is logged without it, and limited by address. A right one always passes: nobody guesses 256 random bits,
 * and an address shared with somebody who tries must not be shut out.
 */
export function authCheck({
  auth,
  report,
  now = Date.now,
}: Pick<GatewayDeps, 'auth' | 'report' | 'now'>): MiddlewareHandler<GatewayEnv> {
  const limit = createFailureLimit(now);
  return async (c, next) => {
    const scopes = auth === undefined ? ALL : scopesOf(c, auth);
    c.set('scopes', scopes);
    const needed = scopeNeeded(c);
    if (needed !== undefined && !allows(scopes, needed)) throw refusal(c, needed);
    await next();
  };

  function scopesOf(c: GatewayContext, { tokens, isTrustedProxy }: AuthOptions): readonly Scope[] {
    const header = c.req.header('authorization');
    if (header === undefined || !/^Bearer( |$)/i.test(header)) return [];
    const token = BEARER.exec(header)?.[1];
    const known = token === undefined ? undefined : findToken(token, tokens());
    if (known !== undefined) return known.scopes;
    const address = clientAddress(c, isTrustedProxy);
    const waitMs = limit.count(address);
    if (waitMs > 0) {
      const message = 'too many wrong tokens from this address; wait, or use a right one';
      throw new RequestError('too_many_requests', message, undefined, {
        retryAfterS: Math.ceil(waitMs / 1000),
      });
    }
    report(
      `a wrong token from ${address}: ${c.req.method} ${shownValue(c.req.path)} (request ${c.get('requestId')})`,
    );
    c.header('www-authenticate', `${REALM}, error="invalid_token"`);
    throw new RequestError('unauthorized', 'the token is not known here, or no longer', 'authorization');
  }
}

/** Compares with every token, and all of each, so that the time says nothing about any of them. */
function findToken(given: string, tokens: readonly KnownToken[]): KnownToken | undefined {
  if (given.length > MAX_TOKEN_LENGTH) return undefined;
  const digest = tokenDigest(given);
  let found: KnownToken | undefined;
  for (const token of tokens) {
    if (timingSafeEqual(digest, token.digest)) found = token;
  }
  return found;
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
