import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type ClientMetadata, type Configuration, errors } from 'oidc-provider';
import { createMemoryAdapter } from './memory-adapter.js';
import {
  CALLBACK_PATH,
  type ClientSettings,
  HASTY_CODE_LIFETIME_S,
  INVOICES_API,
  ORDERS_API,
  REGISTERED,
} from './registry.js';

/** What a provider is made of. */
export interface ProviderOptions {
  readonly issuer: string;
  /** Where the clients' callbacks are. */
  readonly clientOrigin: string;
  readonly clients: Readonly<Record<string, ClientSettings>>;
  /** Signs its cookies. */
  readonly cookieKey: string;
}

const HOUR_S = 3_600;

/** A real OpenID provider with the demo's clients, whose tokens for APIs are JWTs. */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256' };
  const provider = new Provider(options.issuer, {
    adapter: createMemoryAdapter(Date.now),
    clients: REGISTERED.map((id) => registrationOf(options.clients[id] as ClientSettings, options)),
    jwks: { keys: [key] as unknown as NonNullable<Configuration['jwks']>['keys'] },
    cookies: { keys: [options.cookieKey] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    pkce: { methods: ['S256'], required: () => false },
    scopes: ['openid', 'orders:read', 'orders:write', 'orders:delete'],
    issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    renderError: (ctx, out) => {
      ctx.body = out;
    },
    ttl: {
      AccessToken: 300,
      AuthorizationCode: (_, __, client) => (client.clientId === 'hasty' ? HASTY_CODE_LIFETIME_S : 60),
      DeviceCode: 60,
      Grant: HOUR_S,
      IdToken: HOUR_S,
      Interaction: HOUR_S,
      RefreshToken: HOUR_S,
      Session: HOUR_S,
    },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: true,
        userCodeConfirmSource: async (ctx, form) => {
          ctx.body = form;
        },
        successSource: async (ctx) => {
          ctx.body = { approved: true };
        },
      },
      introspection: { enabled: true, allowedPolicy: async () => true },
      pushedAuthorizationRequests: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => {
          if (resource !== ORDERS_API && resource !== INVOICES_API) throw new errors.InvalidTarget();
          return {
            scope: 'orders:read orders:write',
            audience: resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 300,
            jwt: { sign: { alg: 'RS256' } },
          };
        },
      },
    },
  });
  // Whose request it is stands in a header, as behind a proxy.
  provider.proxy = true;
  return provider;
}

function registrationOf(
  { clientId, secret }: ClientSettings,
  { clientOrigin }: ProviderOptions,
): ClientMetadata {
  const isDevice = clientId === 'device';
  return {
    client_id: clientId,
    ...(secret !== undefined && { client_secret: secret }),
    token_endpoint_auth_method: secret === undefined ? 'none' : 'client_secret_basic',
    ...(!isDevice && { scope: 'openid orders:read orders:write' }),
    redirect_uris: isDevice ? [] : [clientOrigin + CALLBACK_PATH],
    response_types: isDevice ? [] : ['code'],
    grant_types: isDevice
      ? ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token']
      : ['authorization_code', 'refresh_token'],
  };
}
