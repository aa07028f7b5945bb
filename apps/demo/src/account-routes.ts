import { setCookie } from 'hono/cookie';
import { checkPassword, findAccount } from './accounts.js';
import type { DemoApp, DemoDeps } from './demo-env.js';
import { refuseUnknown, SESSION_COOKIE, type Sessions, setSession } from './sessions.js';
import { SignInLimit } from './sign-in-limit.js';

/** Signing in, and looking at an account. */
export function addAccountRoutes(app: DemoApp, { log, work, now }: DemoDeps, sessions: Sessions): void {
  const limit = new SignInLimit(now);

  app.post('/login', async (c) => {
    const { user, password } = await c.req.parseBody();
    const { client_ip } = c.var.fields;
    const waitSeconds = limit.waitSeconds(client_ip);
    if (waitSeconds > 0) {
      c.header('retry-after', String(waitSeconds));
      return c.json({ error: 'too many wrong passwords', retry_after_s: waitSeconds }, 429);
    }
    await work(30, 90);
    const account = checkPassword(user, password);
    if (account === undefined) {
      limit.failed(client_ip);
      log.log_warning(`sign-in as ${String(user)} failed`, {
        ...c.var.fields,
        component: 'accounts',
        event: 'auth.sign_in',
        outcome: 'failure',
        reason: findAccount(String(user)) === undefined ? 'unknown user' : 'wrong password',
      });
      return c.json({ error: 'user or password is wrong' }, 401);
    }
    const { session, token } = sessions.open(account);
    setSession(c, session);
    setCookie(c, SESSION_COOKIE, token, { httpOnly: true, sameSite: 'Lax' });
    log.log_info(`${account.id} signed in`, {
      ...c.var.fields,
      component: 'accounts',
      event: 'auth.sign_in',
      outcome: 'success',
      role: account.role,
    });
    return c.json({ user: account.id, session: session.id });
  });

  app.get('/users/:id', async (c) => {
    const { session } = c.var;
    if (session === undefined) return refuseUnknown(c);
    await work(4, 40);
    const id = c.req.param('id');
    if (session.account.role === 'customer' && session.account.id !== id) {
      return c.json({ error: 'not yours to see' }, 403);
    }
    const account = findAccount(id);
    return account === undefined ? c.json({ error: `there is no user ${id}` }, 404) : c.json(account);
  });
}
