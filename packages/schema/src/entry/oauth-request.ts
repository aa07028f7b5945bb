import type { OAuthStep } from './oauth-details.js';

/** One answered request, as a proxy or a middleware sees it. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** `undefined`: it was not answered. */
  readonly status_code?: number | undefined;
  /** `Location` of the response. */
  readonly location?: string | undefined;
  /** The form of the request, where it was captured. */
  readonly body?: string | undefined;
}

/** Which paths are which step; a path fits that is the same or ends with it. */
export type OAuthEndpoints = Readonly<Partial<Record<OAuthStep, readonly string[]>>>;

/** Where common servers have their endpoints: by RFC 8414 examples, oidc-provider, Keycloak, Okta, Entra ID. */
export const OAUTH_ENDPOINTS: OAuthEndpoints = {
  par: ['/par', '/oauth/par', '/as/par', '/ext/par/request', '/oauth2/par'],
  authorize: ['/authorize', '/oauth/authorize', '/oauth2/authorize', '/oauth2/auth', '/openid-connect/auth'],
  callback: ['/callback', '/oauth/callback', '/oauth2/callback', '/cb', '/signin-oidc'],
  token: ['/oauth/token', '/oauth2/token', '/token'],
  introspect: ['/introspect', '/token/introspection', '/introspection'],
  revoke: ['/revoke', '/token/revocation', '/revocation'],
  userinfo: ['/userinfo'],
  device: ['/device_authorization', '/device/auth', '/device/code'],
};

/** What a request says of a flow; secrets in `oauth` are as they came. */
export interface OAuthRequest {
  readonly step: OAuthStep;
  readonly outcome: 'success' | 'failure' | undefined;
  readonly client_id: string | undefined;
  readonly oauth: Readonly<Record<string, string | boolean>>;
}

/**
 * Reads what an ordinary request says of an OAuth flow; `undefined` where it is none. Requests whose path alone says
 * nothing (`/callback`, `/token`) count only with the parameters OAuth gives them.
 *
 * @param endpoints in place of {@link OAUTH_ENDPOINTS}, for a server that has others
 */
export function readOAuthRequest(
  request: SeenRequest,
  endpoints: OAuthEndpoints = OAUTH_ENDPOINTS,
): OAuthRequest | undefined {
  const [path = '', query = ''] = request.path.split(/\?(.*)/s, 2);
  const step = stepAt(path.replace(/\/+$/, ''), endpoints);
  if (step === undefined) return undefined;
  const sent = new URLSearchParams(request.body ?? '');
  for (const [name, value] of new URLSearchParams(query)) sent.append(name, value);
  if (!isOAuth(step, request, sent)) return undefined;
  const oauth = {
    ...pick(sent, SENT),
    ...pick(redirectParameters(request.location), ANSWERED),
    ...(step === 'token' && { has_code_verifier: sent.has('code_verifier') }),
  };
  return {
    step: step === 'token' && sent.get('grant_type') === 'refresh_token' ? 'refresh' : step,
    outcome: outcomeOf(step, request, oauth),
    client_id: sent.get('client_id') || undefined,
    oauth,
  };
}

const SENT = [
  'redirect_uri',
  'scope',
  'response_type',
  'grant_type',
  'prompt',
  'code_challenge_method',
  'state',
  'code',
  'refresh_token',
  'request_uri',
  'device_code',
  'resource',
  'audience',
  'error',
  'error_description',
];
const ANSWERED = ['state', 'code', 'error', 'error_description'];

function stepAt(path: string, endpoints: OAuthEndpoints): OAuthStep | undefined {
  for (const [step, paths] of Object.entries(endpoints)) {
    if (paths.some((known) => path === known || path.endsWith(known))) return step as OAuthStep;
  }
  return undefined;
}

function isOAuth(step: OAuthStep, { method }: SeenRequest, sent: URLSearchParams): boolean {
  switch (step) {
    case 'authorize':
      return sent.has('client_id');
    case 'callback':
      return sent.has('code') || (sent.has('error') && sent.has('state'));
    case 'token':
      return method === 'POST' && sent.has('grant_type');
    case 'userinfo':
      return method === 'GET' || method === 'POST';
    default:
      return method === 'POST';
  }
}

/** An authorization request that is answered by a login page has only begun. */
function outcomeOf(
  step: OAuthStep,
  { status_code: status }: SeenRequest,
  { code, error }: { readonly code?: string; readonly error?: string },
): OAuthRequest['outcome'] {
  if (status === undefined) return undefined;
  if (status >= 400 || error !== undefined) return 'failure';
  return step === 'authorize' && code === undefined ? undefined : 'success';
}

function redirectParameters(location: string | undefined): URLSearchParams {
  const [, query = ''] = /[?#](.*)/s.exec(location ?? '') ?? [];
  return new URLSearchParams(query.replace('#', '&'));
}

function pick(
  from: URLSearchParams,
  names: readonly string[],
): { readonly code?: string; readonly error?: string; readonly [name: string]: string } {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from.get(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );
}
