import { z } from 'zod';
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
const text = z.string().max(MAX_TEXT);
const texts = z.union([text, z.array(text).max(MAX_VALUES)]);
const epochSeconds = z.number().min(-8.64e12).max(8.64e12);

/** Claims of a token that say nothing that opens anything (RFC 7519, section 4.1; RFC 9068, section 2.2). */
const claimsSchema = z.object({
  iss: text.optional(),
  sub: text.optional(),
  aud: texts.optional(),
  scope: text.optional(),
  iat: epochSeconds.optional().describe('Issued at, epoch seconds'),
  nbf: epochSeconds.optional().describe('Not valid before, epoch seconds'),
  exp: epochSeconds.optional().describe('Expires, epoch seconds'),
});

/** What `data.oauth` of an `oauth.*` entry holds, beside what joins it to others ({@link OAUTH_JOINS}). */
export const oauthDetailsSchema = z.object({
  error: text.optional().describe('Error code, such as invalid_grant'),
  error_description: text.optional(),
  error_detail: text.optional().describe('What the server knows and did not tell the client'),
  grant_type: text.optional(),
  response_type: text.optional(),
  redirect_uri: text.optional(),
  registered_redirect_uris: texts.optional(),
  scope: text.optional().describe('What was asked for'),
  granted_scope: text.optional(),
  required_scope: text.optional().describe('What a resource server needs'),
  audience: texts.optional().describe('Whom a resource server takes tokens for, or whom one was asked for'),
  resource: texts.optional().describe('RFC 8707'),
  code_challenge_method: text.optional(),
  has_code_verifier: z.boolean().optional(),
  auth_method: text.optional().describe('How the client authenticated'),
  registered_auth_method: text.optional(),
  code_lifetime_s: z.number().min(0).optional(),
  checked_at: epochSeconds.optional().describe('The clock of who checked a token, epoch seconds'),
  expected_issuer: text.optional(),
  has_expected_state: z.boolean().optional().describe('False: the client knew of no login it had begun'),
  active: z.boolean().optional().describe('What an introspection replied'),
  prompt: text.optional(),
  claims: claimsSchema.optional().describe('Of the token in question'),
});

/** @see oauthDetailsSchema */
export type OAuthDetails = z.output<typeof oauthDetailsSchema>;

/** Keys of what an OAuth event tells that are no fields of every entry. */
export const OAUTH_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(oauthDetailsSchema.shape),
  ...OAUTH_JOINS,
]);

/** The step an event is; `undefined`: none of ours. */
export function oauthStepOf(event: string | undefined): OAuthStep | undefined {
  if (event?.startsWith(OAUTH_EVENT_PREFIX) !== true) return undefined;
  return OAUTH_STEPS.find((step) => event.length === step.length + 6 && event.endsWith(step));
}

/** The details of an entry; what is of another shape is left out. */
export function oauthDetailsOf({ data }: Pick<Entry, 'data'>): OAuthDetails {
  const given = objectOf(data?.oauth);
  if (given === undefined) return {};
  const whole = oauthDetailsSchema.safeParse(given);
  if (whole.success) return whole.data;
  const wrong = new Set(whole.error.issues.map(({ path }) => path[0]));
  const rest = Object.entries(given).filter(([name]) => !wrong.has(name));
  return oauthDetailsSchema.parse(Object.fromEntries(rest));
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
