import {
  OAUTH_ENDPOINTS,
  OAUTH_EVENT_PREFIX,
  type OAuthEndpoints,
  readOAuthRequest,
  type SeenRequest,
} from '@tailrace/schema';
import type { LogFields } from '@tailrace/writer';
import { hashSecret } from '../log-functions.js';
import { oauthCall } from './oauth-activity.js';

/**
 * What an ordinary request says of an OAuth flow, as fields for its log entry; `undefined` where it is none.
 *
 * ```ts
 * log_request(method, path, ip, host, { status_code, ...oauth_request_fields({ method, path, status_code, location }) });
 * ```
 *
 * @param endpoints in place of {@link OAUTH_ENDPOINTS}, for a server that has others
 */
export function oauth_request_fields(
  request: SeenRequest,
  endpoints: OAuthEndpoints = OAUTH_ENDPOINTS,
): LogFields | undefined {
  const read = readGuarded(request, endpoints);
  if (read === undefined) return undefined;
  const { step, outcome, client_id, oauth } = read;
  const { fields } = oauthCall(OAUTH_EVENT_PREFIX + step, { ...oauth, client_id }, hashSecret);
  const { component: _, ...own } = fields;
  return { ...own, outcome };
}

/** What is no request, which a caller without types may give, is none of a flow either. */
function readGuarded(request: SeenRequest, endpoints: OAuthEndpoints) {
  try {
    return readOAuthRequest(request, endpoints);
  } catch {
    return undefined;
  }
}
