import type { Scope } from '@tailrace/api';
import { setCookieToken } from '../http/auth/session-cookie.js';
import type { TokenCheck } from '../http/auth/token-check.js';
import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';

/** Answers `/session`: a browser signs in with a token, which it then holds as a cookie no script can read. */
export function sessionHandlers({ auth }: Pick<GatewayDeps, 'auth'>, checkToken: TokenCheck) {
  const reply = (scopes: readonly Scope[]) => ({ needs_token: auth !== undefined, scopes: [...scopes] });
  return {
    'GET /session': ({ c }) => reply(c.get('scopes')),
    'POST /session': ({ c, body }) => {
      if (auth === undefined) return reply(c.get('scopes'));
      const { scopes } = checkToken(c, body.token, 'token');
      setCookieToken(c, body.token);
      return reply(scopes);
    },
    'DELETE /session': ({ c }) => {
      setCookieToken(c, '');
      return reply(auth === undefined ? c.get('scopes') : []);
    },
  } satisfies Partial<Handlers>;
}
