import { OAUTH_EVENT_PREFIX, OAUTH_FIELDS, type OAuthDetails, type OAuthJoin } from '@tailrace/schema';
import { type HashSecret, hashJoins, isError, type LogFields } from '@tailrace/writer';
import { readJwt } from './jwt-claims.js';

/** Values that join the steps of a flow, as they are: they are hashed before anything is kept. */
export type OAuthJoinValues = { readonly [Join in OAuthJoin]?: string | readonly string[] | undefined };

/**
 * What is known of one step: fields of an entry (`client_id`, `user_id`, `session_id`, `client_ip`, ...), details of OAuth,
 * and secrets to join it by. `error` is an OAuth error code or the Error a library threw.
 */
export interface OAuthActivity extends Partial<Omit<OAuthDetails, 'error'>>, OAuthJoinValues {
  readonly client_id?: string | undefined;
  readonly user_id?: string | undefined;
  readonly session_id?: string | undefined;
  readonly outcome?: 'success' | 'failure' | undefined;
  readonly error?: unknown;
  readonly [field: string]: unknown;
}

/** One step as a log call takes it. */
export interface OAuthCall {
  readonly level: 'INFO' | 'WARNING' | 'ERROR';
  readonly message: string;
  readonly fields: LogFields;
}

const DEFAULT_COMPONENT = 'oauth';
/** Answers to polling that are no failure yet (RFC 8628, section 3.5). */
const PENDING: ReadonlySet<unknown> = new Set(['authorization_pending', 'slow_down']);

/**
 * Shapes a step for the log. Of an access token that is a JWT its claims are kept, of the Error of a library its type,
 * message and stack: what it was caused by is the response, with all that is secret in it.
 */
export function oauthCall(event: string, activity: OAuthActivity, hash: HashSecret): OAuthCall {
  const step = event.startsWith(OAUTH_EVENT_PREFIX) ? event.slice(OAUTH_EVENT_PREFIX.length) : event;
  const fields: Record<string, unknown> = {};
  const oauth: Record<string, unknown> = { ...claimsOf(activity.access_token), ...errorOf(activity.error) };
  for (const [name, value] of Object.entries(activity)) {
    if (value === undefined || name === 'error') continue;
    (OAUTH_FIELDS.has(name) ? oauth : fields)[name] = value;
  }
  const outcome = activity.outcome ?? outcomeOf(oauth.error);
  return {
    level: levelOf(outcome, oauth.error),
    message: messageOf(step, outcome, oauth),
    fields: {
      component: DEFAULT_COMPONENT,
      ...fields,
      ...(isError(activity.error) && { error: withoutCause(activity.error) }),
      event: OAUTH_EVENT_PREFIX + step,
      outcome,
      oauth: hashJoins(oauth, hash),
    },
  };
}

function claimsOf(token: OAuthActivity['access_token']): Record<string, unknown> {
  const [newest] = [token].flat();
  const { jti, ...claims } = (typeof newest === 'string' && readJwt(newest)) || {};
  return { ...(jti !== undefined && { jti }), ...(Object.keys(claims).length > 0 && { claims }) };
}

/** Libraries put the error code of a response beside the message of their Error. */
function errorOf(error: unknown): Pick<OAuthDetails, 'error' | 'error_description'> {
  if (typeof error === 'string') return { error };
  if (typeof error !== 'object' || error === null) return {};
  const { error: code, error_description: description } = error as Record<string, unknown>;
  return {
    ...(typeof code === 'string' && { error: code }),
    ...(typeof description === 'string' && { error_description: description }),
  };
}

function withoutCause({ name, message, stack }: Error): Record<string, unknown> {
  return { name, message, stack };
}

function outcomeOf(error: unknown): OAuthActivity['outcome'] {
  return error === undefined || PENDING.has(error) ? undefined : 'failure';
}

function levelOf(outcome: OAuthActivity['outcome'], error: unknown): OAuthCall['level'] {
  if (outcome !== 'failure') return 'INFO';
  return error === 'server_error' ? 'ERROR' : 'WARNING';
}

function messageOf(
  step: string,
  outcome: OAuthActivity['outcome'],
  { error, error_description: description }: Record<string, unknown>,
): string {
  const said = [error, description].filter((part) => typeof part === 'string').join(', ');
  const verb = outcome === 'failure' ? 'failed' : outcome === 'success' ? 'succeeded' : 'begun';
  return `OAuth ${step} ${verb}${said === '' ? '' : `: ${said}`}`;
}
