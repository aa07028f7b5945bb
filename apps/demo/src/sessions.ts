import { createHash, randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Account } from './accounts.js';
import type { DemoContext, DemoEnv } from './demo-env.js';

/** Somebody signed in. */
export interface Session {
  /** Names the session in logs; who knows it cannot act in it. */
  readonly id: string;
  readonly account: Account;
}

export const SESSION_COOKIE = 'session';
const MAX_SESSIONS = 10_000;

/** Who is signed in, by the secret in their cookie; the oldest go first. */
export class Sessions {
  readonly #byToken = new Map<string, Session>();

  /** @returns the session and the secret for its cookie. */
  open(account: Account): { readonly session: Session; readonly token: string } {
    const token = randomBytes(18).toString('base64url');
    const session = { id: createHash('sha256').update(token).digest('hex').slice(0, 12), account };
    this.#byToken.set(token, session);
    for (const oldest of this.#byToken.keys()) {
      if (this.#byToken.size <= MAX_SESSIONS) break;
      this.#byToken.delete(oldest);
    }
    return { session, token };
  }

  find(token: string | undefined): Session | undefined {
    return token === undefined ? undefined : this.#byToken.get(token);
  }
}

/** Finds the session of a request by its cookie. */
export function identifyCaller(sessions: Sessions): MiddlewareHandler<DemoEnv> {
  return async (c, next) => {
    setSession(c, sessions.find(getCookie(c, SESSION_COOKIE)));
    await next();
  };
}

/** From here on the request, and every entry about it, belongs to this session. */
export function setSession(c: DemoContext, session: Session | undefined): void {
  c.set('session', session);
  if (session === undefined) return;
  c.set('fields', { ...c.var.fields, user_id: session.account.id, session_id: session.id });
}

/** Answers a request that needs a session and has none. */
export function refuseUnknown(c: DemoContext): Response {
  return c.json({ error: 'sign in first' }, 401);
}
