import type { OAuthDetails } from '@tailrace/schema';
import { log_oauth_activity } from '../log-functions.js';
import type { OAuthActivity } from './oauth-activity.js';

/** What a resource server knows when it has checked a token. */
export interface TokenCheck extends Pick<OAuthDetails, 'audience' | 'required_scope' | 'expected_issuer'> {
  /** The token as it came; it is hashed, and of a JWT the claims are kept. */
  readonly token: string | undefined;
  /** Why it was refused: an error code of RFC 6750, or the Error of a library. `undefined`: it was taken. */
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
  const { token, error, checkedAtMs = Date.now(), fields, ...details } = check;
  const activity: OAuthActivity = {
    ...fields,
    ...details,
    access_token: token,
    checked_at: checkedAtMs / 1000,
    outcome: error === undefined ? 'success' : 'failure',
    ...(error !== undefined && { error: error instanceof Error ? asInvalidToken(error) : error }),
  };
  log_oauth_activity('validate', activity);
}

/** Libraries that check tokens throw errors of their own; what the client is told is `invalid_token`. */
function asInvalidToken(error: Error): Error {
  if ('error' in error) return error;
  const { name, message, stack } = error;
  return Object.assign(new Error(message), {
    name,
    stack,
    error: 'invalid_token',
    error_description: message,
  });
}
