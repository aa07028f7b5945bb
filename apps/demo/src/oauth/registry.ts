/** An API that takes access tokens. */
export const ORDERS_API = 'https://orders.example';
/** Another one, whose tokens the first does not take. */
export const INVOICES_API = 'https://invoices.example';

/** A client application as it behaves; its registration may say otherwise. */
export interface ClientSettings {
  readonly clientId: string;
  /** `undefined`: it authenticates by nothing but its id. */
  readonly secret: string | undefined;
  /** Where it wants its answers, below its own address. */
  readonly callbackPath: string;
  readonly scope: string;
  readonly resource: string | undefined;
  /** Whether it pushes its authorization requests (RFC 9126). */
  readonly isPushing?: boolean;
}

/** A person who can sign in. */
export interface Person {
  readonly id: string;
  readonly password: string;
}

/** Where each client answers, as all are registered. */
export const CALLBACK_PATH = '/callback';

/** Seconds a code of the client `hasty` lives. */
export const HASTY_CODE_LIFETIME_S = 1;

const ORDERS = { scope: 'openid orders:read', resource: ORDERS_API };

/** The clients of the demo by the name a login is begun with. */
export function createClients(newSecret: () => string): Readonly<Record<string, ClientSettings>> {
  const confidential = (clientId: string) => ({
    clientId,
    secret: newSecret(),
    callbackPath: CALLBACK_PATH,
    ...ORDERS,
  });
  const web = confidential('web');
  return {
    web,
    pushing: { ...confidential('pushing'), isPushing: true },
    profile: { ...confidential('profile'), scope: 'openid', resource: undefined },
    spa: { ...confidential('spa'), secret: undefined },
    hasty: confidential('hasty'),
    device: { ...confidential('device'), secret: undefined },
    // From here on they are mistaken: about their registration, their id, or what there is.
    secretless: { ...web, secret: undefined },
    misdirected: { ...web, callbackPath: `${CALLBACK_PATH}/` },
    ghost: confidential('ghost'),
    greedy: { ...web, scope: 'openid orders:delete' },
    astray: { ...web, resource: 'https://nowhere.example' },
  };
}

/** Ids the provider knows. */
export const REGISTERED = ['web', 'pushing', 'profile', 'spa', 'hasty', 'device'] as const;
