export { OAUTH_ENDPOINTS, type OAuthEndpoints, type SeenRequest } from '@tailrace/schema';
export { log_oauth_activity, track_oauth_flow } from '../log-functions.js';
export type { OAuthActivity, OAuthJoinValues } from './oauth-activity.js';
export { oauth_request_fields } from './oauth-request.js';
export {
  log_oidc_provider,
  type OAuthProvider,
  type ProviderLogOptions,
} from './oidc-provider.js';
export type { ProviderRequest } from './provider-request.js';
export { log_token_check, type TokenCheck } from './token-check.js';
