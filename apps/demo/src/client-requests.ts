import { CUSTOMERS, DEMO_PASSWORD } from './accounts.js';
import type { DemoClient } from './clients.js';
import type { Random } from './random.js';

/** One request somebody is about to make. */
export interface DemoRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly host: 'shop.example.com' | 'api.example.com' | 'admin.example.com';
  /** With the query, if there is one. */
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly referrer?: string;
}

const WORDS = ['lamp', 'oak desk', 'usb cable', 'rain jacket', 'café crème', 'batteries', 'wall clock'];
const SCANNED = [
  '/wp-login.php',
  '/.env',
  '/.git/config',
  '/phpmyadmin/index.php',
  '/admin.php',
  '/cgi-bin/luci',
  '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
  '/boaform/admin/formLogin?username=admin',
];
const SHOP = 'https://shop.example.com';

/** What a client does next. Who needs a session and has none signs in first. */
export function nextRequest(client: DemoClient, random: Random): DemoRequest {
  const needsSession = client.user !== undefined && client.cookie === undefined;
  if (needsSession) return signIn(client.user as string, DEMO_PASSWORD);
  return ROLES[client.role](random, client);
}

type Chooser = (random: Random, client: DemoClient) => DemoRequest;

const ROLES: Readonly<Record<DemoClient['role'], Chooser>> = {
  visitor: browse,
  crawler: (random) =>
    random.next() < 0.1 ? get('shop.example.com', '/robots.txt') : product(random.integer(1, 420)),
  customer(random, { user = '', orderPath }) {
    const chance = random.next();
    if (chance < 0.2)
      return { method: 'POST', host: 'shop.example.com', path: '/orders', referrer: `${SHOP}/` };
    if (chance < 0.33 && orderPath !== undefined) return get('shop.example.com', orderPath);
    if (chance < 0.36) return get('shop.example.com', `/orders/${random.integer(1690, 1760)}`);
    if (chance < 0.5) return get('api.example.com', `/users/${user}`);
    if (chance < 0.51) return get('api.example.com', `/users/${random.pick(CUSTOMERS)}`);
    if (chance < 0.52) return get('admin.example.com', '/reports/2024-01');
    return browse(random);
  },
  operator(random) {
    const chance = random.next();
    if (chance < 0.5) return get('api.example.com', `/users/${random.pick(CUSTOMERS)}`);
    const volume = random.integer(1, 24);
    // Each volume has its machine; now and then somebody takes it for another's.
    const machine = random.next() < 0.07 ? random.integer(1, 12) : 1 + (volume % 12);
    const method = chance < 0.85 ? 'PUT' : 'DELETE';
    return { method, host: 'api.example.com', path: `/vms/${machine}/volumes/${volume}` };
  },
  admin: (random) => get('admin.example.com', `/reports/2024-0${random.integer(1, 6)}`),
  scanner: (random) =>
    get(random.pick(['shop.example.com', 'api.example.com', 'admin.example.com']), random.pick(SCANNED)),
  guesser(random) {
    // Now and then straight to what an account would show.
    if (random.next() < 0.2) return get('api.example.com', `/users/${random.pick(CUSTOMERS)}`);
    return signIn(random.pick(['admin', 'root', 'admin-1']), `guess-${random.integer(1, 9_999)}`);
  },
};

function browse(random: Random): DemoRequest {
  const chance = random.next();
  if (chance < 0.25) return get('shop.example.com', '/');
  if (chance < 0.5) return get('shop.example.com', `/search?q=${encodeURIComponent(random.pick(WORDS))}`);
  return { ...product(random.integer(1, 400)), referrer: `${SHOP}/search` };
}

function product(id: number): DemoRequest {
  return get('shop.example.com', `/products/${id}`);
}

function get(host: DemoRequest['host'], path: string): DemoRequest {
  return { method: 'GET', host, path };
}

function signIn(user: string, password: string): DemoRequest {
  return { method: 'POST', host: 'api.example.com', path: '/login', form: { user, password } };
}
