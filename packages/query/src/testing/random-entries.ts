import { type Entry, type Keyspace, levelOfStatus, MAX_ORDER, requestMessage } from '@tailrace/schema';
import fc from 'fast-check';
import type { PlainQuery } from './plain-filter.js';

const HOUR_MS = 3_600_000;
const IPS = ['192.0.2.1', '192.0.2.77', '198.51.100.7', '2001:db8::1', '2001:db8:0:1::2'];
const HOSTS = ['a.example', 'b.example'];
const LEVELS = ['TRACE', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'AUDIT'] as const;
const COMPONENTS = ['app', 'http', '\u{1f600}x'];
const EVENTS = ['oauth.token', 'oauth.token.issued', 'disk.full', 'disk', 'proxy_created'];
const USERS = ['u1', 'u2', 'u '.repeat(90)];
const PATHS = [
  '/users/7',
  '/users/8?page=2',
  '/users/7/orders',
  '/app',
  '/app#x',
  '/',
  '',
  '?q=1',
  '/Größe/:id',
  '/*',
];
const ROUTES = ['/users/:id', '/:id', '/app', '/elsewhere', '/*', 'users.show'];
const WORDS = ['disk full', 'User logged in', 'GRÖSSE', 'größe', 'Straße', '', 'a-b'];

/** Few values of each field and few timestamps, so that filters and milliseconds meet. */
export const draftArbitrary: fc.Arbitrary<Draft> = fc.record(
  {
    ageMs: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3 * HOUR_MS })),
    order: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(MAX_ORDER)),
    kind: fc.constantFrom('request' as const, 'log' as const),
    component: fc.constantFrom(...COMPONENTS),
    level: fc.constantFrom(...LEVELS),
    message: fc.constantFrom(...WORDS),
    client_ip: fc.constantFrom(...IPS),
    client_hostname: fc.constantFrom(...HOSTS),
    proxy_hostname: fc.constantFrom(...HOSTS),
    method: fc.constantFrom('GET', 'post', 'BREW'),
    path: fc.constantFrom(...PATHS),
    route: fc.constantFrom(...ROUTES),
    status_code: fc.constantFrom(200, 301, 404, 410, 500, 503),
    response_time_ms: fc.constantFrom(0, 12.5, 100, 2_000),
    user_agent: fc.constantFrom('curl/8.4.0', 'Mozilla/5.0'),
    user_id: fc.constantFrom(...USERS),
    session_id: fc.constantFrom('s1', 's2'),
    client_id: fc.constantFrom('c1', 'c2'),
    trace_id: fc.constantFrom('t1', 't2'),
    event: fc.constantFrom(...EVENTS),
    outcome: fc.constantFrom('success' as const, 'failure' as const),
    objects: fc.subarray(['vm-1', 'vm-2']),
    error: fc.constantFrom({ type: 'TypeError', message: 'Disk is gone' }),
    data: fc.constantFrom<NonNullable<Entry['data']>>(
      { note: 'Größe', list: [1, true, null] },
      { full: 'disk', order: { id: 7, plan: 'free' }, amount: 12.5 },
      { 'order.id': '7', order: [{ id: 8 }, { plan: 'pro' }], amount: '1e2' },
    ),
  },
  { requiredKeys: ['ageMs', 'kind', 'component'] },
);

/** An entry before it has an id and a time. */
export type Draft = Partial<Omit<Entry, 'id' | 'timestamp'>> &
  Pick<Entry, 'kind' | 'component'> & { readonly ageMs: number };

let made = 0;

/** The entry of a draft, as a writer would make it at `now`; each call makes another one. */
export function entryOf({ ageMs, ...draft }: Draft, keyspace: Keyspace, now: number): Entry {
  const isRequest = draft.kind === 'request';
  const timestamp = now - ageMs;
  const owner = isRequest ? draft.client_ip : draft.component;
  const uid = (made++).toString(36).padStart(8, '0');
  return {
    ...draft,
    id: keyspace.entry(draft.kind, timestamp, owner, uid),
    timestamp,
    level: draft.level ?? (isRequest ? levelOfStatus(draft.status_code) : 'INFO'),
    message: draft.message || (isRequest ? requestMessage(draft) : ''),
  };
}

const some = (values: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...values),
    fc.uniqueArray(fc.constantFrom(...values), { minLength: 2, maxLength: 3 }),
  );

const FILTERS: Readonly<Record<string, fc.Arbitrary<string | readonly string[]>>> = {
  ip: some([
    ...IPS,
    '192.0.2.0/24',
    '192.0.2.64/26',
    '2001:db8::/48',
    '0.0.0.0/0',
    '192.0.2.1,198.51.100.0/30',
  ]),
  fqdn: some([...HOSTS, 'A.example']),
  host: some(HOSTS),
  hostname: some(HOSTS),
  user: some([...USERS, 'nobody']),
  session: some(['s1', 's2']),
  client: some(['c1', 'c2']),
  trace: some(['t1', 't2']),
  component: some(COMPONENTS),
  event: some([...EVENTS, 'oauth.*', 'oauth.token*', 'disk*', 'd*', '*']),
  level: some([...LEVELS, 'error,audit']),
  min_level: fc.constantFrom(...LEVELS),
  method: some(['get', 'POST', 'BREW', 'get,BREW']),
  status: some(['404', '4xx', '200', '500-599', '404,410,2xx', '100-599']),
  path: some([
    ...PATHS.filter((path) => path !== ''),
    '/users/*',
    '/users/*/orders',
    '*7',
    '/app*',
    '*',
    '/u*s/7',
    '/gr*',
  ]),
  min_ms: fc.constantFrom('0', '12.5', '100.5'),
  max_ms: fc.constantFrom('0', '100', '99999'),
  object: some(['vm-1', 'vm-2', 'vm-3']),
  outcome: fc.constantFrom('success', 'failure'),
  'data.note': some(['Größe', 'gr*', '*']),
  'data.order.id': some(['7', '8', '7.0', '>7', '<=7']),
  'data.amount': some(['12.5', '1*', '>12.5', '>=12.5', '<200', '<12']),
  'data.order.plan': some(['free', 'pro', '*r*']),
  'data.list': some(['1', 'true', 'null', '*', '>0']),
  q: fc.constantFrom(
    'disk',
    '"disk full"',
    'GRÖSSE',
    'straße',
    'STRASSE',
    'disk -full',
    '-"logged in"',
    'get 404',
    'a-b',
    'note curl',
  ),
};

/** Query parameters of up to four filters, plain and negated: of more at once nothing would be left. */
export const queryArbitrary: fc.Arbitrary<PlainQuery> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...Object.keys(FILTERS)), fc.constantFrom('', '', '!')), {
    maxLength: 4,
    selector: (name) => name.join(''),
  })
  .chain((names) =>
    fc.record(
      Object.fromEntries(
        names.map(([name, mark]) => [name + mark, FILTERS[name] as fc.Arbitrary<string | readonly string[]>]),
      ),
    ),
  );
