import { log_token_check } from '@tailrace/logger/oauth';
import { Hono } from 'hono';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { CLIENT_HEADER } from '../request-logging.js';
import { INVOICES_API, ORDERS_API } from './registry.js';

/** An API as it checks tokens. */
interface Api {
  readonly audience: string;
  readonly issuer?: string;
  /** Milliseconds its clock is ahead. */
  readonly clockOffsetMs?: number;
  readonly hasKeys?: boolean;
}

const MINUTE_MS = 60_000;

/** By the name in the path: two that are right, and some whose operators were not careful. */
const APIS: Readonly<Record<string, Api>> = {
  orders: { audience: ORDERS_API },
  invoices: { audience: INVOICES_API },
  'orders-slow-clock': { audience: ORDERS_API, clockOffsetMs: -10 * MINUTE_MS },
  'orders-fast-clock': { audience: ORDERS_API, clockOffsetMs: 60 * MINUTE_MS },
  'orders-without-keys': { audience: ORDERS_API, hasKeys: false },
  'orders-other-issuer': { audience: ORDERS_API, issuer: 'https://other.example' },
};

/** Tokens are no older than they may live. */
const MAX_AGE_S = 300;

/** APIs that check the access tokens of one issuer: `GET /orders` needs `orders:read`, POST `orders:write`. */
export function createResourceServer(issuer: string, now: () => number): Hono {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  const noKeys = createLocalJWKSet({ keys: [] });
  const app = new Hono();
  app.all('/:api', async (c) => {
    const api = APIS[c.req.param('api')];
    if (api === undefined) return c.json({ error: 'there is no such API' }, 404);
    const token = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const required = c.req.method === 'GET' ? 'orders:read' : 'orders:write';
    const checkedAtMs = now() + (api.clockOffsetMs ?? 0);
    const expected = api.issuer ?? issuer;
    const checked = {
      token,
      checkedAtMs,
      audience: api.audience,
      expected_issuer: expected,
      required_scope: required,
      fields: {
        component: c.req.param('api'),
        client_ip: c.req.header(CLIENT_HEADER),
        method: c.req.method,
        path: c.req.path,
      },
    };
    if (token === undefined) return c.json({ error: 'invalid_request' }, 401);
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, api.hasKeys === false ? noKeys : keys, {
        issuer: expected,
        audience: api.audience,
        typ: 'at+jwt',
        maxTokenAge: MAX_AGE_S,
        currentDate: new Date(checkedAtMs),
      }));
    } catch (error) {
      log_token_check({ ...checked, error });
      const reason = error instanceof errors.JOSEError ? error.code : 'not checked';
      c.header('www-authenticate', `Bearer error="invalid_token", error_description="${reason}"`);
      return c.json({ error: 'invalid_token' }, 401);
    }
    if (!String(payload.scope).split(' ').includes(required)) {
      log_token_check({ ...checked, error: 'insufficient_scope' });
      c.header('www-authenticate', `Bearer error="insufficient_scope", scope="${required}"`);
      return c.json({ error: 'insufficient_scope' }, 403);
    }
    log_token_check(checked);
    return c.json({ orders: [] });
  });
  return app;
}
