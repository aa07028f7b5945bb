import { ADMINS, CUSTOMERS, OPERATORS } from './accounts.js';
import type { Random } from './random.js';

/** Somebody the demo plays. */
export interface DemoClient {
  readonly ip: string;
  readonly userAgent: string;
  readonly role: 'visitor' | 'customer' | 'operator' | 'admin' | 'crawler' | 'scanner' | 'guesser';
  /** Whom they sign in as. */
  readonly user?: string;
  /** Their share of the traffic, compared with the others'. */
  readonly weight: number;
  /** The cookie they got when they signed in. */
  cookie?: string;
  /** Path of the order they placed last. */
  orderPath?: string;
}

const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
];
const VISITORS = 28;

/**
 * Some sixty clients: customers, visitors, two services, two administrators, a crawler, a scanner and somebody who
 * guesses passwords. Their addresses are those kept for documentation (RFC 5737, RFC 3849). The first is the busiest.
 */
export function createClients(random: Random): readonly DemoClient[] {
  const browser = () => random.pick(BROWSERS);
  return [
    ...OPERATORS.map((user, i): DemoClient => {
      const userAgent = `${user}/2.${i}.1 (node)`;
      return { ip: `203.0.113.${7 + i * 4}`, userAgent, role: 'operator', user, weight: 30 - i * 14 };
    }),
    ...ADMINS.map((user, i): DemoClient => {
      return { ip: `192.0.2.${20 + i}`, userAgent: browser(), role: 'admin', user, weight: 2 };
    }),
    ...CUSTOMERS.map((user, i): DemoClient => {
      const ip = i % 3 === 0 ? `2001:db8:40::${(i * 37 + 1).toString(16)}` : `198.51.100.${10 + i * 5}`;
      return { ip, userAgent: browser(), role: 'customer', user, weight: i < 4 ? 8 : 3 };
    }),
    ...Array.from({ length: VISITORS }, (_, i): DemoClient => {
      const ip = i % 4 === 0 ? `2001:db8:7::${(i + 16).toString(16)}` : `203.0.113.${100 + i * 3}`;
      return { ip, userAgent: browser(), role: 'visitor', weight: 1 };
    }),
    {
      ip: '192.0.2.77',
      userAgent: 'ExampleBot/1.4 (+https://bot.example/about)',
      role: 'crawler',
      weight: 12,
    },
    { ip: '198.51.100.200', userAgent: 'Mozilla/5.0 zgrab/0.x', role: 'scanner', weight: 6 },
    { ip: '203.0.113.66', userAgent: 'python-requests/2.31.0', role: 'guesser', weight: 4 },
  ];
}

/** Picks a client so that over time each has its share. */
export function pickClient(clients: readonly DemoClient[], random: Random): DemoClient {
  let left = random.next() * clients.reduce((sum, { weight }) => sum + weight, 0);
  for (const client of clients) {
    left -= client.weight;
    if (left < 0) return client;
  }
  return clients[0] as DemoClient;
}
