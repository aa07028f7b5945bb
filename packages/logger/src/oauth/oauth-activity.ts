import {
  OAUTH_EVENT_PREFIX,
  OAUTH_FIELDS,
  OAUTH_JOINS,
  type OAuthDetails,
  type OAuthJoin,
} from '@tailrace/schema';
import {
  type HashSecret,
  hashJoins,
  isError,
  type LogFields,
  readMember,
  setOwn,
  snapshotFields,
} from '@tailrace/writer';
import { readJwt } from './jwt-claims.js';
import { type OAuthFailure, oauthFailure } from './oauth-error.js';

/** Values that join the steps of a flow, as they are: they are hashed before anything is kept. */
export type OAuthJoinValues = { readonly [Join in OAuthJoin]?: string | readonly string[] | undefined };

/**
 * What is known of one step: fields of an entry (`client_id`, `user_id`, `session_id`, `client_ip`, ...), details of OAuth,
 * and secrets to join it by. `error` is an OAuth error code or the Error a library threw.
 */
export interface OAuthActivity extends Partial<Omit<OAuthDetails, 'error'>>, OAuthJoinValues {
  readonly client_id?: string | number | undefined;
  readonly user_id?: string | number | undefined;
  readonly session_id?: string | number | undefined;
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
 *
 * @param event a step, such as `token` or `oauth.token`
 * @param given an {@link OAuthActivity}, or whatever a caller without types gives
 */
export function oauthCall(event: unknown, given: unknown, hash: HashSecret): OAuthCall {
  const step = stepOf(event);
  const activity = activityOf(given);
  const fields: Record<string, unknown> = {};
  const oauth: Record<string, unknown> = claimsOf(activity.access_token);
  for (const [name, value] of Object.entries(activity)) {
    if (value === undefined || name === 'error') continue;
    (OAUTH_FIELDS.has(name) ? oauth : fields)[name] = value;
  }
  const failure = oauthFailure(activity.error, maskOf(activity, hash));
  const details = { ...failure?.details, ...withoutUndefined(oauth) };
  const outcome = activity.outcome ?? outcomeOf(failure);
  return {
    level: levelOf(outcome, details.error),
    message: messageOf(step, outcome, details, failure),
    fields: {
      component: DEFAULT_COMPONENT,
      ...fields,
      ...(failure?.error !== undefined && { error: failure.error }),
      event: OAUTH_EVENT_PREFIX + step,
      outcome,
      oauth: hashJoins(details, hash),
    },
  };
}

function stepOf(event: unknown): string {
  const text = typeof event === 'string' && event !== '' ? event : 'unknown';
  return text.startsWith(OAUTH_EVENT_PREFIX) ? text.slice(OAUTH_EVENT_PREFIX.length) : text;
}

/** A copy of what a caller gave as an activity; what cannot be read of it is told in its place. Never throws. */
export function activityOf(given: unknown): OAuthActivity {
  if (isError(given)) return { error: given };
  if (typeof given !== 'object' || given === null) return given ? { value: given } : {};
  const { error, ...rest } = membersOf(given);
  return { ...snapshotFields(rest).fields, ...(error !== undefined && { error }) };
}

function membersOf(given: object): Record<string, unknown> {
  try {
    const members: Record<string, unknown> = {};
    const pairs =
      given instanceof Map ? [...given] : Object.keys(given).map((name) => [name, readMember(given, name)]);
    for (const [name, value] of pairs) setOwn(members, String(name), value);
    return members;
  } catch {
    return {};
  }
}

/** Shorter values are words that stand in many messages. */
const SHORTEST_MASKED = 6;

/** Replaces what joins the step to others where an error repeats it, as "state mismatch, expected …, got …" does. */
function maskOf(activity: OAuthActivity, hash: HashSecret): (text: string) => string {
  const secrets: (readonly [kind: string, secret: string])[] = [];
  const { error } = activity;
  for (const from of [activity, readMember(error, 'params'), readMember(error, 'checks')]) {
    for (const join of SECRET_JOINS) {
      for (const value of [readMember(from, join)].flat()) {
        if (typeof value === 'string' && value.length >= SHORTEST_MASKED) secrets.push([join, value]);
      }
    }
  }
  if (secrets.length === 0) return (text) => text;
  return (text) =>
    secrets.reduce(
      (masked, [kind, secret]) => masked.replaceAll(secret, () => hash(kind.replaceAll('_', ''), secret)),
      text,
    );
}

/** Names of joins that are secrets: of the others the value itself is kept. */
const SECRET_JOINS = OAUTH_JOINS.filter((join) => join !== 'flow' && join !== 'jti');

function claimsOf(token: OAuthActivity['access_token']): Record<string, unknown> {
  const [newest] = [token].flat();
  const { jti, ...claims } = (typeof newest === 'string' && readJwt(newest)) || {};
  return { ...(jti !== undefined && { jti }), ...(Object.keys(claims).length > 0 && { claims }) };
}

function outcomeOf(failure: OAuthFailure | undefined): OAuthActivity['outcome'] {
  return failure === undefined || PENDING.has(failure.details.error) ? undefined : 'failure';
}

function levelOf(outcome: OAuthActivity['outcome'], error: unknown): OAuthCall['level'] {
  if (outcome !== 'failure') return 'INFO';
  return error === 'server_error' ? 'ERROR' : 'WARNING';
}

function messageOf(
  step: string,
  outcome: OAuthActivity['outcome'],
  { error, error_description: description }: Record<string, unknown>,
  failure: OAuthFailure | undefined,
): string {
  const told = [error, description].filter((part) => typeof part === 'string');
  const said = told.length === 0 && failure?.error !== undefined ? failure.error.message : told.join(', ');
  const verb = outcome === 'failure' ? 'failed' : outcome === 'success' ? 'succeeded' : 'begun';
  return `OAuth ${step} ${verb}${said === '' ? '' : `: ${said}`}`;
}

function withoutUndefined(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
