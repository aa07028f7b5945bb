import type { OAuthDetails } from '@tailrace/schema';
import { isError, readMember, snapshotError } from '@tailrace/writer';
import { log_oauth_activity } from '../log-functions.js';
import type { OAuthActivity } from './oauth-activity.js';

/** What a resource server knows when it has checked a token. */
export interface TokenCheck extends Pick<OAuthDetails, 'audience' | 'required_scope' | 'expected_issuer'> {
  /** The token as it came; it is hashed, and of a JWT the claims are kept. */
  readonly token: string | undefined;
  /** Why it was refused: an error code of RFC 6750, or the Error of a library. `undefined`, `null`: it was taken. */
  readonly error?: unknown;
  readonly error_description?: string | undefined;
  /** The clock it was checked by, epoch milliseconds. @default Date.now() */
  readonly checkedAtMs?: number | undefined;
  /** Further fields of the entry: `client_ip`, `request_id`, `path`, ... */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Logs that a resource server took or refused an access token (`oauth.validate`).
 *
 * ```ts
 * const { payload, error } = await check(token);
 * log_token_check({ token, error, audience: 'https://api.example.com', fields: { client_ip } });
 * ```
 */
export function log_token_check(check: TokenCheck): void {
  const { token, error, checkedAtMs = Date.now(), fields, ...details } = readable(check);
  const isRefused = error !== undefined && error !== null && error !== false && error !== '';
  const activity: OAuthActivity = {
    ...readable(fields),
    ...details,
    access_token: token as string | undefined,
    checked_at: (checkedAtMs as number) / 1000,
    outcome: isRefused ? 'failure' : 'success',
    ...(isRefused && { error: isError(error) ? asInvalidToken(error) : error }),
  };
  log_oauth_activity('validate', activity);
}

/** The members of whatever a caller without types gives. */
function readable(given: unknown): Record<string, unknown> {
  try {
    return { ...(given as object) };
  } catch {
    return {};
  }
}

/** Libraries that check tokens throw errors of their own; what the client is told is `invalid_token`. */
function asInvalidToken(error: Error): object {
  if (typeof readMember(error, 'error') === 'string') return error;
  const { type, ...copy } = snapshotError(error);
  return { ...copy, name: type, error: 'invalid_token', error_description: copy.message };
}
