import { filterSchema } from '@tailrace/api';
import type { Entry, FilterField } from '@tailrace/schema';
import { expect, test } from 'vitest';
import { compileFilter } from './compile-filter.js';

const request: Entry = {
  id: 'req:1705314645123:192.0.2.1:aaaaaaaa',
  timestamp: 1705314645123,
  kind: 'request',
  level: 'WARNING',
  component: 'http',
  message: 'GET /users/7?page=2 404',
  client_ip: '192.0.2.1',
  client_hostname: 'client.example.com',
  proxy_hostname: 'api.example.com',
  method: 'GET',
  path: '/users/7?page=2',
  status_code: 404,
  response_time_ms: 45,
  user_agent: 'Mozilla/5.0 (X11)',
  user_id: 'github-123',
  session_id: 's1',
  client_id: 'c1',
  trace_id: 't1',
  event: 'oauth.token.issued',
  outcome: 'failure',
  objects: ['vm-1', 'vol-2'],
  error: { type: 'NotFound', message: 'no such user', cause: { type: 'SqlError', message: 'empty set' } },
  data: { order: { number: 4711, note: 'Größe XL' }, tags: ['red', 'blue'], said: 'he said "no such" twice' },
};
const log: Entry = {
  id: 'log:1:app:aaaaaaaa',
  timestamp: 1,
  kind: 'log',
  level: 'INFO',
  component: 'app',
  message: 'started',
  status_code: 404,
};

/** Each filter as a query gives it: values that fit the request above, and values that do not. */
const CASES: Record<FilterField, { fits: string[]; fails: string[] }> = {
  ip: {
    fits: [
      '192.0.2.1',
      '::ffff:192.0.2.1',
      '192.0.2.99/24',
      '::ffff:192.0.2.0/120',
      '198.51.100.1,192.0.2.1',
    ],
    fails: ['192.0.2.2', '192.0.2.2/31', '::/0', '198.51.100.0/24'],
  },
  fqdn: { fits: ['client.example.com', 'CLIENT.example.com'], fails: ['api.example.com'] },
  host: { fits: ['api.example.com'], fails: ['client.example.com'] },
  hostname: { fits: ['api.example.com', 'client.example.com'], fails: ['example.com'] },
  user: { fits: ['github-123'], fails: ['github', 'GITHUB-123'] },
  session: { fits: ['s1'], fails: ['s'] },
  client: { fits: ['c1'], fails: ['c'] },
  trace: { fits: ['t1'], fails: ['t'] },
  component: { fits: ['http'], fails: ['app'] },
  event: { fits: ['oauth.token.issued', 'oauth.*', '*'], fails: ['oauth.token', 'oauth', 'token.*'] },
  level: { fits: ['warning', 'WARN', 'error,warning'], fails: ['ERROR', 'error,audit'] },
  min_level: { fits: ['INFO', 'WARNING'], fails: ['ERROR', 'AUDIT'] },
  method: { fits: ['GET', 'get', 'post,get'], fails: ['POST', 'POST,PUT'] },
  status: {
    fits: ['404', '4xx', '400-499', '404-404', '200,404', '5xx,400-410'],
    fails: ['403', '5xx', '405-599', '403,405', '2xx,405-410'],
  },
  path: { fits: ['/users/7', '/users/*', '*7', '*'], fails: ['/users', '/users/7?page=2', '/users/*/x'] },
  min_ms: { fits: ['45', '0'], fails: ['45.5'] },
  max_ms: { fits: ['45', '100'], fails: ['44.9'] },
  object: { fits: ['vm-1', 'vol-2'], fails: ['vm', 'vm-2'] },
  outcome: { fits: ['failure'], fails: ['success'] },
  kind: { fits: ['request'], fails: ['log'] },
  q: {
    fits: [
      'no SUCH',
      '"such user"',
      'mozilla "empty set"',
      '4711',
      'order größe',
      'tok issued',
      'blue',
      'GRÖSSE',
      '-absent',
      'such -"user such"',
      '-"404 oauth" mozilla',
      '\\"no',
      '"said \\"no such\\" twice"',
      'such\\"',
      '"" mozilla',
      '-\\"user',
      '"he said \\"no',
    ],
    fails: [
      '-such',
      'mozilla -"no such"',
      'missing',
      '"user such"',
      'such absent',
      '192.0.2.1',
      '"404 oauth"',
      '\\"user',
      '-\\"no',
      '"said no"',
    ],
  },
};

test.each(Object.entries(CASES))(
  'the filter %s takes what fits and nothing else',
  (name, { fits, fails }) => {
    for (const value of fits) {
      expect(compileFilter(filterSchema.parse({ [name]: value })).matches(request), `${name}=${value}`).toBe(
        true,
      );
      expect(
        compileFilter(filterSchema.parse({ [`${name}!`]: value })).matches(request),
        `${name}!=${value}`,
      ).toBe(false);
    }
    for (const value of fails) {
      expect(compileFilter(filterSchema.parse({ [name]: value })).matches(request), `${name}=${value}`).toBe(
        false,
      );
      expect(
        compileFilter(filterSchema.parse({ [`${name}!`]: value })).matches(request),
        `${name}!=${value}`,
      ).toBe(true);
    }
  },
);

test('an entry without the field fits no filter on it', () => {
  const absent = Object.entries(CASES).filter(
    ([name]) => !['component', 'level', 'min_level', 'q'].includes(name),
  );
  for (const [name, { fits }] of absent) {
    if (fits[0] !== undefined)
      expect(compileFilter(filterSchema.parse({ [name]: fits[0] })).matches(log), name).toBe(false);
  }
});

test('the status filter is about requests, as its index is', () => {
  expect(compileFilter({ status: { from: 404, to: 404 } }).matches(log)).toBe(false);
});

test('all given filters must hold, and none given takes everything', () => {
  expect(compileFilter({}).matches(request)).toBe(true);
  expect(compileFilter({ ip: '192.0.2.1', level: 'WARNING' }).matches(request)).toBe(true);
  expect(compileFilter({ ip: '192.0.2.1', level: 'ERROR' }).matches(request)).toBe(false);
});

test('AUDIT is at or above every level', () => {
  expect(compileFilter({ min_level: 'CRITICAL' }).matches({ ...log, level: 'AUDIT' })).toBe(true);
});

test('of several values one must fit, and of several negated ones none', () => {
  const fits = (query: object) => compileFilter(filterSchema.parse(query)).matches(request);
  expect(fits({ user: ['nobody', 'github-123'] })).toBe(true);
  expect(fits({ user: ['nobody', 'somebody'] })).toBe(false);
  expect(fits({ 'user!': ['nobody', 'github-123'] })).toBe(false);
  expect(fits({ 'user!': ['nobody', 'somebody'] })).toBe(true);
  expect(fits({ user: 'github-123', 'user!': 'github-123' })).toBe(false);
});

test.each([
  ['straße', 'STRASSE'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['Ångström', 'A\u030angstro\u0308m'],
  ['\u212aelvin', 'kelvin'],
])('a text query finds %s as %s', (text, query) => {
  expect(compileFilter({ q: query }).matches({ ...log, message: text })).toBe(true);
  expect(compileFilter({ q: text }).matches({ ...log, message: query })).toBe(true);
});
