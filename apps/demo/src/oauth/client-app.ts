import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { log_oauth_activity } from '@tailrace/logger';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import * as oidc from 'openid-client';
import { CLIENT_HEADER } from '../request-logging.js';
import { CALLBACK_PATH, type ClientSettings, HASTY_CODE_LIFETIME_S } from './registry.js';
import type { SecretKeeper } from './secret-keeper.js';

/** Mistakes a client application makes with a login, as `?mistake=` asks for them. */
export const MISTAKES = [
  'loses-verifier',
  'mixes-up-verifier',
  'exchanges-twice',
  'exchanges-late',
  'sends-other-redirect-uri',
  'stops-after-callback',
  'forgets-login',
  'mixes-up-logins',
  'forgets-session',
] as const;

/** @see MISTAKES */
export type Mistake = (typeof MISTAKES)[number];

/** What the client application works with. */
export interface ClientAppOptions {
  readonly issuer: string;
  readonly apiOrigin: string;
  readonly clients: Readonly<Record<string, ClientSettings>>;
  readonly keeper: SecretKeeper;
}

interface Login {
  readonly settings: ClientSettings;
  readonly mistake: Mistake | undefined;
  readonly state: string;
  readonly verifier: string;
}

interface Tokens {
  readonly settings: ClientSettings;
  readonly accessToken: string;
  readonly subject: string | undefined;
  readonly refreshTokens: string[];
}

const SESSION_COOKIE = 'shop';
/** The address the application's own requests come from. */
export const CLIENT_APP_IP = '192.0.2.10';

/** A web application that signs people in with `openid-client`, and makes one mistake at a time when asked to. */
export function createClientApp({ issuer, apiOrigin, clients, keeper }: ClientAppOptions): Hono {
  const logins = new Map<string, Login>();
  const sessions = new Map<string, Tokens>();
  const configurations = new Map<string, Promise<oidc.Configuration>>();
  const app = new Hono();

  app.get('/login', async (c) => {
    const settings = clients[c.req.query('client') ?? 'web'] as ClientSettings;
    const mistake = c.req.query('mistake') as Mistake | undefined;
    const login = { settings, mistake, state: oidc.randomState(), verifier: oidc.randomPKCECodeVerifier() };
    keeper.keep(login.state);
    keeper.keep(login.verifier);
    logins.set(sessionOf(c), login);
    const parameters = {
      redirect_uri: new URL(c.req.url).origin + settings.callbackPath,
      scope: settings.scope,
      state: login.state,
      code_challenge: await oidc.calculatePKCECodeChallenge(login.verifier),
      code_challenge_method: 'S256',
      ...(settings.resource !== undefined && { resource: settings.resource }),
    };
    const configuration = await configurationOf(settings);
    const url = settings.isPushing
      ? await oidc.buildAuthorizationUrlWithPAR(configuration, parameters)
      : oidc.buildAuthorizationUrl(configuration, parameters);
    keeper.keepOfUrl(url);
    return c.redirect(url.href);
  });

  const callback = async (c: Context) => {
    const session = sessionOf(c);
    const login = logins.get(session);
    const { searchParams } = new URL(c.req.url);
    const seen = {
      component: 'shop',
      client_id: login?.settings.clientId,
      client_ip: c.req.header(CLIENT_HEADER),
      session_id: nameOf(session),
      state: searchParams.get('state') ?? undefined,
      code: searchParams.get('code') ?? undefined,
    };
    const isKnown = login !== undefined && login.mistake !== 'forgets-login';
    if (!isKnown || login.state !== searchParams.get('state')) {
      log_oauth_activity('callback', {
        ...seen,
        error: 'state_mismatch',
        error_description: isKnown ? 'the state is not the one that was sent' : 'there is no login under way',
        has_expected_state: isKnown,
      });
      return c.json({ error: 'please sign in again' }, 400);
    }
    logins.delete(session);
    const error = searchParams.get('error');
    if (error !== null) {
      const description = searchParams.get('error_description') ?? undefined;
      log_oauth_activity('callback', { ...seen, error, error_description: description });
      return c.json({ error }, 400);
    }
    log_oauth_activity('callback', { ...seen, outcome: 'success' });
    if (login.mistake === 'stops-after-callback') return c.json({ error: 'something went wrong here' }, 500);
    try {
      sessions.set(session, await exchange(new URL(c.req.url), login));
    } catch (cause) {
      return c.json({ error: cause instanceof oidc.ResponseBodyError ? cause.error : 'failed' }, 502);
    }
    if (login.mistake === 'forgets-session') sessions.delete(session);
    return c.json({ session: sessions.has(session) });
  };
  app.get(CALLBACK_PATH, callback);
  app.get(`${CALLBACK_PATH}/`, callback);

  // `again`: the first refresh token once more, as a second tab would.
  app.get('/refresh', async (c) => {
    const tokens = sessions.get(sessionOf(c));
    if (tokens === undefined) return c.json({ error: 'not signed in' }, 401);
    const refreshToken = tokens.refreshTokens.at(c.req.query('again') === undefined ? -1 : 0) as string;
    try {
      const response = await oidc.refreshTokenGrant(await configurationOf(tokens.settings), refreshToken);
      const refreshTokens = [...tokens.refreshTokens, response.refresh_token ?? refreshToken];
      sessions.set(sessionOf(c), { ...tokens, accessToken: response.access_token, refreshTokens });
      return c.json({ refreshed: true });
    } catch (cause) {
      return c.json({ error: cause instanceof oidc.ResponseBodyError ? cause.error : 'failed' }, 502);
    }
  });

  app.get('/call/:api', async (c) => {
    const tokens = sessions.get(sessionOf(c));
    if (tokens === undefined) return c.json({ error: 'not signed in' }, 401);
    const response = await fetch(`${apiOrigin}/${c.req.param('api')}`, {
      method: c.req.query('method') ?? 'GET',
      headers: { authorization: `Bearer ${tokens.accessToken}`, [CLIENT_HEADER]: CLIENT_APP_IP },
    });
    return c.json({ status: response.status, answer: await response.json() });
  });

  app.get('/profile', async (c) => {
    const tokens = sessions.get(sessionOf(c));
    if (tokens === undefined) return c.json({ error: 'not signed in' }, 401);
    const configuration = await configurationOf(tokens.settings);
    const introspected = await oidc.tokenIntrospection(configuration, tokens.accessToken);
    const { sub } = await oidc.fetchUserInfo(configuration, tokens.accessToken, tokens.subject as string);
    return c.json({ sub, active: introspected.active });
  });
  return app;

  /** The session of a browser, by its cookie. */
  function sessionOf(c: Context): string {
    const known = getCookie(c, SESSION_COOKIE);
    const session = known ?? randomBytes(12).toString('base64url');
    if (known === undefined)
      setCookie(c, SESSION_COOKIE, session, { httpOnly: true, sameSite: 'Lax', path: '/' });
    return session;
  }

  async function exchange(callbackUrl: URL, login: Login): Promise<Tokens> {
    const { settings, mistake } = login;
    const configuration = await configurationOf(settings);
    if (mistake === 'exchanges-late') await sleep((HASTY_CODE_LIFETIME_S + 1.1) * 1_000);
    if (mistake === 'sends-other-redirect-uri') callbackUrl.pathname += '/';
    const verifier = mistake === 'mixes-up-verifier' ? oidc.randomPKCECodeVerifier() : login.verifier;
    keeper.keep(verifier);
    const checks = {
      expectedState: login.state,
      ...(mistake !== 'loses-verifier' && { pkceCodeVerifier: verifier }),
    };
    const response = await oidc.authorizationCodeGrant(configuration, callbackUrl, checks);
    if (mistake === 'exchanges-twice') await oidc.authorizationCodeGrant(configuration, callbackUrl, checks);
    return {
      settings,
      accessToken: response.access_token,
      subject: response.claims()?.sub,
      refreshTokens: response.refresh_token === undefined ? [] : [response.refresh_token],
    };
  }

  function configurationOf(settings: ClientSettings): Promise<oidc.Configuration> {
    const name = JSON.stringify(settings);
    const known = configurations.get(name) ?? discover(settings, issuer, keeper);
    configurations.set(name, known);
    return known;
  }
}

/** The session as it is logged: who has the cookie's own value has the session. */
function nameOf(session: string): string {
  return createHash('sha256').update(session).digest('base64url').slice(0, 16);
}

/**
 * A client's view of a provider; what it sends and gets is remembered as secret.
 *
 * @param clientIp where its requests seem to come from
 */
export async function discover(
  { clientId, secret }: ClientSettings,
  issuer: string,
  keeper: SecretKeeper,
  clientIp: string = CLIENT_APP_IP,
): Promise<oidc.Configuration> {
  const authentication = secret === undefined ? oidc.None() : oidc.ClientSecretBasic(secret);
  const customFetch: oidc.CustomFetch = async (url, options) => {
    if (options.body instanceof URLSearchParams) keeper.keepOfForm(options.body);
    const headers = { ...options.headers, 'x-forwarded-for': clientIp };
    const response = await fetch(url, { ...options, headers } as RequestInit);
    const text = await response.text();
    try {
      keeper.keepOfJson(JSON.parse(text));
    } catch {
      // No JSON, no tokens.
    }
    return new Response(text, { status: response.status, headers: response.headers });
  };
  return oidc.discovery(new URL(issuer), clientId, undefined, authentication, {
    execute: [oidc.allowInsecureRequests],
    [oidc.customFetch]: customFetch,
  });
}
