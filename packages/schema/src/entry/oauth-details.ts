import type { Entry } from './entry.js';

/** Steps of OAuth flows; `oauth.` and one of these is the `event` of an entry. */
export const OAUTH_STEPS = [
  'par',
  'authorize',
  'login',
  'consent',
  'callback',
  'device',
  'token',
  'refresh',
  'introspect',
  'userinfo',
  'validate',
  'revoke',
  'register',
  'logout',
] as const;

/** @see OAUTH_STEPS */
export type OAuthStep = (typeof OAUTH_STEPS)[number];

/** What every OAuth event begins with. */
export const OAUTH_EVENT_PREFIX = 'oauth.';

/**
 * What joins the steps of one flow. All but `flow` and `jti` are stored as keyed hashes, never as they were; `flow` is the
 * name an application gave its flow, `jti` the id of a JWT.
 */
export const OAUTH_JOINS = [
  'flow',
  'state',
  'code',
  'access_token',
  'refresh_token',
  'request_uri',
  'device_code',
  'interaction',
  'jti',
] as const;

/** @see OAUTH_JOINS */
export type OAuthJoin = (typeof OAUTH_JOINS)[number];

const MAX_TEXT = 2_048;
const MAX_VALUES = 64;
const MAX_EPOCH_SECONDS = 8.64e12;

/** Claims of a token that say nothing that opens anything (RFC 7519, section 4.1; RFC 9068, section 2.2). */
export interface OAuthClaims {
  iss?: string | undefined;
  sub?: string | undefined;
  aud?: string | string[] | undefined;
  scope?: string | undefined;
  /** Issued at, epoch seconds. */
  iat?: number | undefined;
  /** Not valid before, epoch seconds. */
  nbf?: number | undefined;
  /** Expires, epoch seconds. */
  exp?: number | undefined;
}

/** What `data.oauth` of an `oauth.*` entry holds, beside what joins it to others ({@link OAUTH_JOINS}). */
export interface OAuthDetails {
  /** Error code, such as `invalid_grant`. */
  error?: string | undefined;
  error_description?: string | undefined;
  /** What the server knows and did not tell the client. */
  error_detail?: string | undefined;
  grant_type?: string | undefined;
  response_type?: string | undefined;
  redirect_uri?: string | undefined;
  registered_redirect_uris?: string | string[] | undefined;
  /** What was asked for. */
  scope?: string | undefined;
  granted_scope?: string | undefined;
  /** What a resource server needs. */
  required_scope?: string | undefined;
  /** Whom a resource server takes tokens for, or whom one was asked for. */
  audience?: string | string[] | undefined;
  /** RFC 8707. */
  resource?: string | string[] | undefined;
  code_challenge_method?: string | undefined;
  has_code_verifier?: boolean | undefined;
  /** How the client authenticated. */
  auth_method?: string | undefined;
  registered_auth_method?: string | undefined;
  code_lifetime_s?: number | undefined;
  /** The clock of who checked a token, epoch seconds. */
  checked_at?: number | undefined;
  expected_issuer?: string | undefined;
  /** False: the client knew of no login it had begun. */
  has_expected_state?: boolean | undefined;
  /** What an introspection replied. */
  active?: boolean | undefined;
  prompt?: string | undefined;
  /** Of the token in question. */
  claims?: OAuthClaims | undefined;
}

/** Whether a value may stand in a field of {@link OAuthDetails}; `undefined` never may. */
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string' && value.length <= MAX_TEXT;
const isTexts: Check = (value) =>
  isText(value) || (Array.isArray(value) && value.length <= MAX_VALUES && value.every(isText));
const isBoolean: Check = (value) => typeof value === 'boolean';
const isEpochSeconds: Check = (value) => typeof value === 'number' && Math.abs(value) <= MAX_EPOCH_SECONDS;
const isSeconds: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const CLAIMS: Readonly<Record<keyof OAuthClaims, Check>> = {
  iss: isText,
  sub: isText,
  aud: isTexts,
  scope: isText,
  iat: isEpochSeconds,
  nbf: isEpochSeconds,
  exp: isEpochSeconds,
};

const DETAILS: Readonly<Record<Exclude<keyof OAuthDetails, 'claims'>, Check>> = {
  error: isText,
  error_description: isText,
  error_detail: isText,
  grant_type: isText,
  response_type: isText,
  redirect_uri: isText,
  registered_redirect_uris: isTexts,
  scope: isText,
  granted_scope: isText,
  required_scope: isText,
  audience: isTexts,
  resource: isTexts,
  code_challenge_method: isText,
  has_code_verifier: isBoolean,
  auth_method: isText,
  registered_auth_method: isText,
  code_lifetime_s: isSeconds,
  checked_at: isEpochSeconds,
  expected_issuer: isText,
  has_expected_state: isBoolean,
  active: isBoolean,
  prompt: isText,
};

/** Keys of what an OAuth event tells that are no fields of every entry. */
export const OAUTH_FIELDS: ReadonlySet<string> = new Set([...Object.keys(DETAILS), 'claims', ...OAUTH_JOINS]);

/** The step an event is; `undefined`: none of ours. */
export function oauthStepOf(event: string | undefined): OAuthStep | undefined {
  if (event?.startsWith(OAUTH_EVENT_PREFIX) !== true) return undefined;
  return OAUTH_STEPS.find((step) => event.length === step.length + 6 && event.endsWith(step));
}

/** The details of an entry; what is of another shape is left out. */
export function oauthDetailsOf({ data }: Pick<Entry, 'data'>): OAuthDetails {
  const given = objectOf(data?.oauth);
  if (given === undefined) return {};
  const details: OAuthDetails = fieldsThatFit(given, DETAILS);
  const claims = objectOf(given.claims);
  if (claims !== undefined && fitsWhole(claims, CLAIMS)) details.claims = fieldsThatFit(claims, CLAIMS);
  return details;
}

/** Whether every field there is a check for is missing or allowed. */
function fitsWhole(given: Record<string, unknown>, checks: Readonly<Record<string, Check>>): boolean {
  return Object.entries(checks).every(([name, check]) => given[name] === undefined || check(given[name]));
}

/** The fields of an object that its checks allow; others are left out. */
function fieldsThatFit(given: Record<string, unknown>, checks: Readonly<Record<string, Check>>): object {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => Object.hasOwn(checks, name) && checks[name]?.(value)),
  );
}

/**
 * What joins an entry to others, as `state:hmac:…`; the flow's own name stands alone, as `oauth:flow:{flow}` of the
 * specification has it. None for what is no OAuth event.
 */
export function oauthJoinsOf({ event, data }: Pick<Partial<Entry>, 'event' | 'data'>): readonly string[] {
  if (event?.startsWith(OAUTH_EVENT_PREFIX) !== true) return NO_JOINS;
  const oauth = objectOf(data?.oauth);
  if (oauth === undefined) return NO_JOINS;
  return OAUTH_JOINS.flatMap((join) => {
    const values = [oauth[join] ?? []].flat().slice(0, MAX_JOINS);
    return values
      .filter((value): value is string => typeof value === 'string' && value !== '')
      .map((value) => (join === 'flow' ? value : `${join}:${value}`));
  });
}

/** A refresh has two refresh tokens, the old and the new. */
const MAX_JOINS = 4;
const NO_JOINS: readonly string[] = [];

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
