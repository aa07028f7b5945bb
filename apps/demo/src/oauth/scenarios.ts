import * as oidc from 'openid-client';
import { Browser, type Page } from './browser.js';
import { discover, type Mistake } from './client-app.js';
import type { OAuthWorld } from './oauth-world.js';
import { CALLBACK_PATH, type ClientSettings, type Person } from './registry.js';

/** Who plays a scenario, and from where. */
export interface Player {
  readonly world: OAuthWorld;
  readonly person: Person;
  /** Client IP of the browser. */
  readonly clientIp: string;
}

/** Something that happens to a login. */
export interface Scenario {
  readonly name: string;
  /** What it should be found to be; `undefined`: nothing is wrong. */
  readonly cause: string | undefined;
  /** Flows it makes. @default 1 */
  readonly flows?: number;
  readonly play: (player: Player) => Promise<void>;
}

const HEALTHY: readonly Scenario[] = [
  healthy('signs in and reads orders', 'web', (visit) => visit('/call/orders')),
  healthy('signs in by a pushed request', 'pushing', (visit) => visit('/call/orders')),
  healthy('signs in to a public client and refreshes', 'spa', async (visit) => {
    await visit('/call/orders');
    await visit('/refresh');
    await visit('/refresh');
    await visit('/call/orders');
  }),
  healthy('signs in and asks for the profile', 'profile', (visit) => visit('/profile')),
  {
    name: 'mistypes the password first',
    cause: undefined,
    async play(player) {
      const { browser, start } = begin(player, 'web');
      const asked = await browser.open(start);
      await browser.open(asked.url, { user: player.person.id, password: 'wrong' });
      await signIn(player, browser, asked);
    },
  },
  {
    name: 'moves to another address while signing in',
    cause: undefined,
    async play(player) {
      const { browser, start } = begin(player, 'web');
      const asked = await browser.open(start);
      browser.clientIp = player.clientIp.replace(/\d+$/, '250');
      await signIn(player, browser, asked);
    },
  },
  {
    name: 'approves a device',
    cause: undefined,
    async play(player) {
      const device = await beginDevice(player);
      await device.poll();
      const browser = new Browser(player.clientIp, player.world.keeper);
      const asked = await approve(browser, new URL(device.verificationUri));
      await signIn(player, browser, asked);
      await device.poll();
    },
  },
];

const FAILING: readonly Scenario[] = [
  mistaken('pkce_verifier_missing', 'web', 'loses-verifier'),
  mistaken('pkce_verifier_mismatch', 'web', 'mixes-up-verifier'),
  mistaken('code_reused', 'web', 'exchanges-twice'),
  mistaken('code_expired', 'hasty', 'exchanges-late'),
  mistaken('redirect_uri_mismatch', 'web', 'sends-other-redirect-uri'),
  mistaken('code_not_exchanged', 'web', 'stops-after-callback'),
  mistaken('state_mismatch', 'web', 'forgets-login'),
  mistaken('client_authentication_method', 'secretless'),
  refused('redirect_uri_mismatch', 'misdirected'),
  refused('unknown_client', 'ghost'),
  refused('scope_not_granted', 'greedy'),
  refused('wrong_resource', 'astray'),
  visiting('wrong_audience', '/call/invoices'),
  visiting('wrong_issuer', '/call/orders-other-issuer'),
  visiting('scope_not_granted', '/call/orders?method=POST'),
  visiting('clock_skew', '/call/orders-slow-clock'),
  visiting('clock_skew', '/call/orders-fast-clock'),
  visiting('fresh_token_rejected', '/call/orders-without-keys'),
  {
    ...visiting('refresh_token_reused', '/refresh', '/refresh?again'),
    name: 'uses a refresh token again',
  },
  {
    name: 'mixes up two logins of one browser',
    cause: 'state_mismatch',
    async play(player) {
      const { browser, start } = begin(player, 'web');
      const asked = await browser.open(start);
      await browser.open(start, undefined, (url) => url.origin === player.world.issuer);
      await signIn(player, browser, asked);
    },
  },
  {
    name: 'denies consent',
    cause: 'consent_denied',
    async play(player) {
      const { browser, start } = begin(player, 'web');
      await signIn(player, browser, await browser.open(start), { consent: 'no' });
    },
  },
  {
    name: 'never gets the password right',
    cause: 'login_failed',
    async play(player) {
      const { browser, start } = begin(player, 'web');
      const asked = await browser.open(start);
      for (const password of ['first guess', 'second guess']) {
        await browser.open(asked.url, { user: player.person.id, password });
      }
    },
  },
  {
    name: 'closes the page instead of signing in',
    cause: 'left_before_the_end',
    async play(player) {
      const { browser, start } = begin(player, 'web');
      await browser.open(start);
    },
  },
  {
    name: 'closes the page before the callback',
    cause: 'callback_missing',
    async play(player) {
      const { browser, start } = begin(player, 'web');
      await signIn(player, browser, await browser.open(start), { until: isCallback });
    },
  },
  {
    name: 'is sent to sign in again and again',
    cause: 'login_loop',
    flows: 5,
    async play(player) {
      const { browser, start } = begin(player, 'web', 'forgets-session');
      await signIn(player, browser, await browser.open(start));
      for (let i = 0; i < 4; i++) await browser.open(start);
    },
  },
  {
    name: 'does not approve a device',
    cause: 'device_not_approved',
    async play(player) {
      const device = await beginDevice(player);
      await device.poll();
    },
  },
];

/** What the demo plays: logins that go well, and one of each kind that does not. */
export const SCENARIOS: readonly Scenario[] = [...HEALTHY, ...FAILING];

type Visit = (path: string) => Promise<Page>;

function healthy(name: string, client: string, then: (visit: Visit) => Promise<unknown>): Scenario {
  return { name, cause: undefined, play: (player) => signInAnd(player, client, undefined, then) };
}

function mistaken(cause: string, client: string, mistake?: Mistake): Scenario {
  const name = mistake === undefined ? `${client} signs in` : `${client} ${mistake.replaceAll('-', ' ')}`;
  return { name, cause, play: (player) => signInAnd(player, client, mistake, async () => {}) };
}

/** The provider says no before anybody signs in. */
function refused(cause: string, client: string): Scenario {
  return {
    name: `${client} is refused`,
    cause,
    async play(player) {
      const { browser, start } = begin(player, client);
      await browser.open(start);
    },
  };
}

function visiting(cause: string, ...paths: readonly string[]): Scenario {
  const visitAll = async (visit: Visit) => {
    for (const path of paths) await visit(path);
  };
  return {
    name: `visits ${paths.join(', ')}`,
    cause,
    play: (player) => signInAnd(player, 'web', undefined, visitAll),
  };
}

async function signInAnd(
  player: Player,
  client: string,
  mistake: Mistake | undefined,
  then: (visit: Visit) => Promise<unknown>,
): Promise<void> {
  const { browser, start } = begin(player, client, mistake);
  await signIn(player, browser, await browser.open(start));
  await then((path) => browser.open(new URL(path, player.world.clientOrigin)));
}

function begin(
  { world, clientIp }: Player,
  client: string,
  mistake?: Mistake,
): { readonly browser: Browser; readonly start: URL } {
  const start = new URL('/login', world.clientOrigin);
  start.searchParams.set('client', client);
  if (mistake !== undefined) start.searchParams.set('mistake', mistake);
  return { browser: new Browser(clientIp, world.keeper), start };
}

/** Signs in on the page that asks for it, and consents or not. */
async function signIn(
  { person }: Player,
  browser: Browser,
  asked: Page,
  {
    consent = 'yes',
    until,
  }: { readonly consent?: 'yes' | 'no'; readonly until?: (url: URL) => boolean } = {},
): Promise<Page> {
  const { id, password } = person;
  const next = await browser.open(asked.url, { user: id, password }, until);
  return next.body.asks === 'consent' ? browser.open(next.url, { consent }, until) : next;
}

function isCallback(url: URL): boolean {
  return url.pathname.startsWith(CALLBACK_PATH);
}

async function beginDevice({ world, clientIp }: Player) {
  const { device } = world.clients as { device: ClientSettings };
  const configuration = await discover(device, world.issuer, world.keeper, clientIp);
  const begun = await oidc.initiateDeviceAuthorization(configuration, { scope: 'openid' });
  return {
    verificationUri: begun.verification_uri_complete as string,
    /** Asks once; a device goes on asking as long as the answer is that nobody has approved yet. */
    poll: () =>
      oidc
        .genericGrantRequest(configuration, 'urn:ietf:params:oauth:grant-type:device_code', {
          device_code: begun.device_code,
        })
        .catch(() => undefined),
  };
}

/** Sends the forms of the provider's own pages, code and confirmation, until it asks who the person is. */
async function approve(browser: Browser, verification: URL): Promise<Page> {
  let page = await browser.open(verification);
  while (page.body.form !== undefined) {
    page = await browser.open(
      new URL(verification.pathname, verification),
      page.body.form as Record<string, string>,
    );
  }
  return page;
}
