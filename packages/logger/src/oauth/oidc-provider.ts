import type { EventEmitter } from 'node:events';
import type { OAuthStep } from '@tailrace/schema';
import { log_oauth_activity } from '../log-functions.js';
import type { OAuthActivity } from './oauth-activity.js';
import {
  authorizationOf,
  entity,
  failureOf,
  grantOf,
  grantStepOf,
  introspectionOf,
  issuedOf,
  keysOf,
  numberOf,
  type ProviderError,
  type ProviderRequest,
  promptOf,
  textOf,
  textsOf,
  tokenOf,
} from './provider-request.js';

/** How a provider's events are logged. */
export interface ProviderLogOptions {
  /** `component` of the entries. @default 'oidc-provider' */
  readonly component?: string;
  /** Whose request it is, as the provider stands behind proxies or not. @default the `ip` Koa gives it */
  readonly clientIp?: (request: ProviderRequest) => string | undefined;
}

/** An `oidc-provider`, told by what is needed of it. */
export interface OAuthProvider extends EventEmitter {
  use(middleware: never): unknown;
}

/**
 * Logs what happens in an `oidc-provider` (tried with 8.8) as OAuth events: authorization requests, logins, consents, tokens,
 * refreshes, introspection, userinfo, revocation, registration, device flow, logout, and what fails of them.
 */
export function log_oidc_provider(provider: OAuthProvider, options: ProviderLogOptions = {}): void {
  const log = (step: OAuthStep, request: ProviderRequest, activity: OAuthActivity) =>
    log_oauth_activity(step, { ...commonOf(request, options), ...activity });

  const on = (event: string, tell: (request: ProviderRequest, ...rest: never[]) => void) =>
    provider.on(event, (request: ProviderRequest, ...rest: unknown[]) => {
      guarded(() => tell(request, ...(rest as never[])));
    });

  const tellBegun = (request: ProviderRequest) => {
    if (BEGINNINGS.has(request.oidc?.route ?? '')) log(wayOf(request), request, authorizationOf(request));
  };
  on('interaction.started', tellBegun);
  // Without an interaction between: whoever asks is signed in already.
  on('authorization.accepted', tellBegun);
  on('interaction.ended', (request) => {
    log(promptOf(request), request, { ...keysOf(request), outcome: 'success' });
  });
  on('authorization.success', (request, out: Readonly<Record<string, unknown>>) => {
    log(wayOf(request), request, {
      ...authorizationOf(request),
      ...textsOf(out, ['code', 'access_token']),
      code_lifetime_s: numberOf(entity(request, 'AuthorizationCode').expiration),
      outcome: 'success',
    });
  });
  on('authorization.error', (request, error: ProviderError) => {
    const isDenial = RESUMED.has(request.oidc?.route ?? '') && error.error === 'access_denied';
    log(isDenial ? promptOf(request) : wayOf(request), request, failureOf(request, error));
  });
  on('pushed_authorization_request.success', (request) => {
    const pushed = textsOf(request.body, ['request_uri']);
    log('par', request, { ...authorizationOf(request), ...pushed, outcome: 'success' });
  });
  on('device_authorization.success', (request) => {
    const device = textsOf(request.body, ['device_code']);
    log('device', request, { ...authorizationOf(request), ...device, outcome: 'success' });
  });
  on('grant.success', (request) => {
    log(grantStepOf(request), request, { ...grantOf(request), ...issuedOf(request), outcome: 'success' });
  });
  on('grant.error', (request, error: ProviderError) => {
    log(grantStepOf(request), request, { ...grantOf(request), ...failureOf(request, error) });
  });
  on('end_session.success', (request) => log('logout', request, { outcome: 'success' }));
  on('registration_create.success', (request) => log('register', request, { outcome: 'success' }));
  for (const [event, step] of Object.entries(FAILURES)) {
    on(`${event}.error`, (request, error: ProviderError) => {
      log(step, request, { ...tokenOf(request), ...failureOf(request, error) });
    });
  }
  on('server_error', (request, error: ProviderError) => {
    const step = stepOfRoute(request);
    if (step === undefined) return;
    const { name, message, stack } = error;
    const reported = Object.assign(new Error(message), { name, stack, error: 'server_error' });
    log(step, request, { ...failureOf(request, error), error: reported });
  });
  // These succeed without an event.
  const tellSuccess = async (request: ProviderRequest, next: () => Promise<void>) => {
    await next();
    const step = SUCCESSES[request.oidc?.route ?? ''];
    if (step === undefined || (request.status ?? 500) >= 400) return;
    guarded(() =>
      log(step, request, { ...tokenOf(request), ...introspectionOf(request), outcome: 'success' }),
    );
  };
  provider.use(tellSuccess as never);
}

/** What goes wrong in a listener would be thrown into the request it is told of, and no login may fail for its log. */
function guarded(tell: () => void): void {
  try {
    tell();
  } catch {
    // A provider whose context is so different is not one of those this is made for.
  }
}

/** Routes of a provider by which a person arrives, and comes back from signing in. */
const BEGINNINGS: ReadonlySet<string> = new Set(['authorization', 'code_verification']);
const RESUMED: ReadonlySet<string> = new Set(['resume', 'device_resume']);
const DEVICE_ROUTES: ReadonlySet<string> = new Set(['code_verification', 'device_resume']);

/** Whether a person signs in for this browser, or for a device that waits (RFC 8628). */
function wayOf({ oidc }: ProviderRequest): 'authorize' | 'device' {
  return DEVICE_ROUTES.has(oidc?.route ?? '') ? 'device' : 'authorize';
}

const FAILURES: Readonly<Record<string, OAuthStep>> = {
  pushed_authorization_request: 'par',
  device_authorization: 'device',
  introspection: 'introspect',
  revocation: 'revoke',
  userinfo: 'userinfo',
  registration_create: 'register',
  end_session: 'logout',
};

const SUCCESSES: Readonly<Record<string, OAuthStep>> = {
  introspection: 'introspect',
  revocation: 'revoke',
  userinfo: 'userinfo',
};

function stepOfRoute(request: ProviderRequest): OAuthStep | undefined {
  const route = request.oidc?.route ?? '';
  if (route === 'token') return grantStepOf(request);
  if (BEGINNINGS.has(route) || RESUMED.has(route)) return wayOf(request);
  return FAILURES[route];
}

function commonOf(request: ProviderRequest, { component, clientIp }: ProviderLogOptions): OAuthActivity {
  const session = entity(request, 'Session');
  const header = (name: string) => request.get?.(name) || undefined;
  const { oidc } = request;
  return {
    component: component ?? 'oidc-provider',
    client_ip: clientIp === undefined ? request.ip : clientIp(request),
    method: request.method,
    // The path of a resumed login is a key to it, the route is not.
    path: textOf(request._matchedRoute) ?? request.path,
    user_agent: header('user-agent'),
    request_id: header('x-request-id'),
    client_id:
      textOf(entity(request, 'Client').clientId) ??
      oidc?.authorization?.clientId ??
      textOf(oidc?.params?.client_id),
    user_id:
      textOf(entity(request, 'Account').accountId) ??
      textOf(session.accountId) ??
      textOf(entity(request, 'AccessToken').accountId),
    session_id: textOf(session.uid) ?? textOf(entity(request, 'AccessToken').sessionUid),
  };
}
