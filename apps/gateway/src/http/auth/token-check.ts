import { timingSafeEqual } from 'node:crypto';
import { type KnownToken, tokenDigest } from '@tailrace/api';
import { RequestError } from '../errors/request-error.js';
import { shownValue } from '../errors/shown-value.js';
import type { GatewayContext, GatewayDeps } from '../gateway-env.js';
import { clientAddress } from './client-address.js';
import { createFailureLimit } from './failure-limit.js';

/**
 * Says whose a token is, and what it allows.
 *
 * @param field where it was given, for the error
 * @throws RequestError for one that is wrong, and where too many wrong ones came from an address. A right one always passes:
 * nobody guesses 256 random bits, and an address shared with somebody who tries must not be shut out.
 */
export type TokenCheck = (c: GatewayContext, token: string, field: string) => KnownToken;

export const REALM = 'Bearer realm="tailrace"';
/** The characters of a bearer token, RFC 6750, section 2.1. */
const TOKEN = /^[\w.~+/-]+=*$/;
/** Longer than any token; what is longer is not hashed. */
const MAX_TOKEN_LENGTH = 512;

/** @see TokenCheck */
export function createTokenCheck({
  auth,
  report,
  now = Date.now,
}: Pick<GatewayDeps, 'auth' | 'report' | 'now'>): TokenCheck {
  const limit = createFailureLimit(now);
  return (c, token, field) => {
    const known = knownToken(token, auth?.tokens() ?? []);
    if (known !== undefined) return known;
    const address = clientAddress(c, auth?.isTrustedProxy ?? (() => false));
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
    throw new RequestError('unauthorized', 'the token is not known here, or no longer', field);
  };
}

/** Compares with every token, and all of each, so that the time says nothing about any of them. */
export function knownToken(given: string, tokens: readonly KnownToken[]): KnownToken | undefined {
  if (given.length > MAX_TOKEN_LENGTH || !TOKEN.test(given)) return undefined;
  const digest = tokenDigest(given);
  let found: KnownToken | undefined;
  for (const token of tokens) {
    if (timingSafeEqual(digest, token.digest)) found = token;
  }
  return found;
}
