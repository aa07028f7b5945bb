import { randomUUID } from 'node:crypto';
import type { OAuthStep } from '@tailrace/schema';
import { claimsOf } from './jwt-claims.js';
import type { OAuthActivity } from './oauth-activity.js';

/** The part of a provider's Koa context that is read here; all of it may be missing where a request failed early. */
export interface ProviderRequest {
  readonly method?: string;
  readonly path?: string;
  readonly ip?: string;
  readonly status?: number;
  readonly body?: unknown;
  readonly _matchedRoute?: unknown;
  get?(header: string): string;
  readonly oidc?: ProviderContext;
}

/** What a provider knows of one request. */
export interface ProviderContext {
  readonly route?: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  readonly authorization?: { readonly clientId?: string } | undefined;
  readonly entities?: Readonly<Record<string, ProviderEntity | undefined>>;
}

/** Clients, sessions, tokens and codes of a provider, as far as they are read here. */
export interface ProviderEntity {
  readonly [field: string]: unknown;
}

/** An error of a provider; `error_detail` is what it does not tell the client. */
export interface ProviderError extends Error {
  readonly error?: string;
  readonly error_description?: string;
  readonly error_detail?: string;
}

/** What an authorization request asks, wherever it arrives: at once, pushed, or resumed. */
export function authorizationOf(request: ProviderRequest): OAuthActivity {
  return {
    ...textsOf(paramsOf(request), [
      'response_type',
      'redirect_uri',
      'scope',
      'prompt',
      'code_challenge_method',
    ]),
    ...resourceOf(request),
    ...keysOf(request),
  };
}

/** What a token request asks. */
export function grantOf(request: ProviderRequest): OAuthActivity {
  const params = paramsOf(request);
  const isCode = params.grant_type === 'authorization_code';
  return {
    ...textsOf(params, ['grant_type', 'redirect_uri', 'scope', 'code', 'refresh_token', 'device_code']),
    ...resourceOf(request),
    ...(isCode && { has_code_verifier: textOf(params.code_verifier) !== undefined }),
    auth_method: authMethodOf(request),
  };
}

/** How the client authenticated (RFC 7591, section 2). */
function authMethodOf(request: ProviderRequest): string {
  const params = paramsOf(request);
  if (/^basic /i.test(request.get?.('authorization') ?? '')) return 'client_secret_basic';
  if (params.client_secret !== undefined) return 'client_secret_post';
  return params.client_assertion === undefined ? 'none' : 'private_key_jwt';
}

/** Both refresh tokens of a rotation join what was before with what comes after. */
export function issuedOf(request: ProviderRequest): OAuthActivity {
  const body = (request.body ?? {}) as ProviderEntity;
  const { accountId, scope, iat, exp, aud } = entity(request, 'AccessToken');
  const refreshTokens = [paramsOf(request).refresh_token, body.refresh_token].filter(
    (token): token is string => typeof token === 'string',
  );
  return {
    claims: claimsOf({ sub: accountId, scope, iat, exp, aud }) as OAuthActivity['claims'],
    ...textsOf(body, ['access_token']),
    granted_scope: textOf(body.scope),
    ...(refreshTokens.length > 0 && { refresh_token: [...new Set(refreshTokens)] }),
  };
}

/** Why a request failed, with what it should have been. */
export function failureOf(request: ProviderRequest, error: ProviderError): OAuthActivity {
  const client = entity(request, 'Client');
  const { error: code = 'server_error', error_detail: detail, error_description } = error;
  const isRedirect = code === 'invalid_redirect_uri' || /redirect_uri/.test(String(detail));
  return {
    ...authorizationOf(request),
    error: { error: code, error_description },
    error_detail: textOf(detail),
    outcome: PENDING.has(code) ? undefined : 'failure',
    status_code: request.status,
    ...(isRedirect && { registered_redirect_uris: client.redirectUris as string[] | undefined }),
    ...(code === 'invalid_client' && { registered_auth_method: textOf(client.clientAuthMethod) }),
  };
}

/** Answers to a device that polls (RFC 8628, section 3.5). */
const PENDING: ReadonlySet<unknown> = new Set(['authorization_pending', 'slow_down']);

/** The token a request is about, which may be of either kind, or was made with. */
export function tokenOf(request: ProviderRequest): OAuthActivity {
  const token = textOf(paramsOf(request).token);
  if (token !== undefined) return { access_token: token, refresh_token: token };
  const bearer = /^(?:Bearer|DPoP) (.+)$/i.exec(request.get?.('authorization') ?? '')?.[1];
  return bearer === undefined ? {} : { access_token: bearer };
}

/** An interaction has an id of its own at each prompt, and one for all of them. */
export function keysOf(request: ProviderRequest): OAuthActivity {
  const { cid, uid } = entity(request, 'Interaction');
  const interactions = [cid, uid].filter((id): id is string => typeof id === 'string');
  const device = textOf(entity(request, 'DeviceCode').jti);
  return {
    ...textsOf(paramsOf(request), ['state', 'request_uri']),
    ...(device !== undefined && { device_code: device }),
    interaction: interactions.length > 0 ? interactions : ownKeyOf(request),
  };
}

const ownKeys = new WeakMap<ProviderRequest, string>();

/** Joins what one request logs, where it has nothing else: a login without a state that needs no interaction. */
function ownKeyOf(request: ProviderRequest): string | undefined {
  if (request.oidc?.route !== 'authorization') return undefined;
  const key = ownKeys.get(request) ?? randomUUID();
  ownKeys.set(request, key);
  return key;
}

function resourceOf(request: ProviderRequest): OAuthActivity {
  const { resource } = paramsOf(request);
  const isList = Array.isArray(resource) && resource.every((one) => typeof one === 'string');
  return typeof resource === 'string' || isList ? { resource: resource as string | string[] } : {};
}

/** What an introspection replied. */
export function introspectionOf({ oidc, body }: ProviderRequest): OAuthActivity {
  const active = (body as ProviderEntity | undefined)?.active;
  return oidc?.route === 'introspection' && typeof active === 'boolean' ? { active } : {};
}

/** What a person was asked before coming back. */
export function promptOf(request: ProviderRequest): OAuthStep {
  const prompt = entity(request, 'Interaction').prompt as ProviderEntity | undefined;
  return prompt?.name === 'consent' ? 'consent' : 'login';
}

/** Whether a token request refreshes. */
export function grantStepOf(request: ProviderRequest): OAuthStep {
  return paramsOf(request).grant_type === 'refresh_token' ? 'refresh' : 'token';
}

/** The parameters as they were understood; of a request that failed before, as they came. */
function paramsOf({ oidc }: ProviderRequest): Readonly<Record<string, unknown>> {
  return { ...oidc?.body, ...withoutUndefined(oidc?.params ?? {}) };
}

function withoutUndefined(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}

/** Something a provider looked up for a request; empty when it did not. */
export function entity({ oidc }: ProviderRequest, name: string): ProviderEntity {
  return oidc?.entities?.[name] ?? {};
}

/** Those of the members that are texts. */
export function textsOf(from: unknown, names: readonly string[]): Record<string, string> {
  const texts = names.map((name) => [name, textOf((from as ProviderEntity | undefined)?.[name])] as const);
  return Object.fromEntries(texts.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number from 0 up. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
