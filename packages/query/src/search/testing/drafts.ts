import { filterSchema } from '@tailrace/api';
import {
  type Cursor,
  DAY_MS,
  type Entry,
  type Keyspace,
  levelOfStatus,
  requestMessage,
} from '@tailrace/schema';
import fc from 'fast-check';
import { expect } from 'vitest';
import { compareNewestFirst } from '../entry-order.js';
import type { LogReader, SearchRequest } from '../reader.js';

/** What the clock of the tests says. */
export const NOW = Date.UTC(2024, 0, 15, 12);
const HOUR_MS = 3_600_000;
/** The 24 hours before {@link NOW}. */
export const DAY = { from: NOW - DAY_MS, to: NOW };
let uid = 0;

/** Walks all pages. @returns the ids found, newest first. */
export async function walk(
  reader: LogReader,
  request: SearchRequest,
  betweenPages: () => Promise<void> = async () => {},
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: Cursor | undefined;
  do {
    const page = await reader.search({ ...request, cursor });
    ids.push(...idsOf(page.entries).reverse());
    if (cursor !== undefined && page.nextCursor !== null) {
      expect(compareNewestFirst(cursor, page.nextCursor)).toBeLessThan(0);
    }
    cursor = page.nextCursor ?? undefined;
    await betweenPages();
  } while (cursor !== undefined);
  return ids;
}

/** Ids in the order of the entries. */
export function idsOf(entries: readonly (Entry | undefined)[]): string[] {
  return entries.map((entry) => entry?.id ?? 'none');
}

/** What a test says of an entry. */
export interface Draft {
  /** Milliseconds before NOW. */
  readonly age: number;
  readonly kind: 'request' | 'log';
  readonly component: string;
  readonly level?: Entry['level'];
  readonly message?: string;
  readonly status?: number;
  readonly ip?: string;
  readonly user?: string;
  readonly event?: string;
  readonly objects?: string[];
  readonly host?: string;
  readonly fqdn?: string;
  readonly trace?: string;
}

/** Makes the entry of a draft; each call makes another one. */
export function toEntry(keyspace: Keyspace, draft: Draft): Entry {
  const { age, kind, component, level, message, status, ip, user, event, objects, host, fqdn, trace } = draft;
  const timestamp = NOW - age;
  const unique = (uid++).toString(36).padStart(8, '0');
  const request =
    kind === 'request'
      ? { method: 'GET', path: `/${component}`, ...(status && { status_code: status }) }
      : {};
  return {
    id: keyspace.entry(kind, timestamp, kind === 'request' ? ip : component, unique),
    timestamp,
    kind,
    level: kind === 'request' ? levelOfStatus(status) : (level ?? 'INFO'),
    component: kind === 'request' ? 'http' : component,
    message: message ?? (kind === 'request' ? requestMessage({ kind, ...request } as Entry) : 'hello world'),
    ...request,
    ...(ip && { client_ip: ip }),
    ...(user && { user_id: user }),
    ...(event && { event }),
    ...(objects && { objects }),
    ...(host && { proxy_hostname: host }),
    ...(fqdn && { client_hostname: fqdn }),
    ...(trace && { trace_id: trace }),
  };
}

const IPS = ['192.0.2.1', '2001:db8::1'];
const HOSTS = ['a.example', 'b.example'];
const LEVELS = ['TRACE', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'AUDIT'] as const;
const COMPONENTS = ['app', 'http', '\u{1f600}x', '\u{ffee}x'];
const EVENTS = ['oauth.token', 'oauth.code', 'proxy_created'];
const TRACES = ['t1', 't2'];
const USERS = ['u1', 'u '.repeat(90)];

/** Few values and few timestamps, so that filters meet and milliseconds are shared. */
export const entryDraft: fc.Arbitrary<Draft> = fc.record(
  {
    age: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3 * HOUR_MS })),
    kind: fc.constantFrom('request', 'log'),
    component: fc.constantFrom(...COMPONENTS),
    level: fc.constantFrom(...LEVELS),
    message: fc.constantFrom('user logged in', 'disk full', ''),
    status: fc.constantFrom(200, 301, 404, 500),
    ip: fc.constantFrom(...IPS),
    user: fc.constantFrom(...USERS),
    event: fc.constantFrom(...EVENTS),
    objects: fc.subarray(['vm-1', 'vm-2']),
    host: fc.constantFrom(...HOSTS),
    fqdn: fc.constantFrom(...HOSTS),
    trace: fc.constantFrom(...TRACES),
  },
  { requiredKeys: ['age', 'kind', 'component'] },
);

const filterArbitrary = fc
  .record(
    {
      ip: fc.constantFrom(...IPS),
      hostname: fc.constantFrom(...HOSTS),
      host: fc.constantFrom(...HOSTS),
      fqdn: fc.constantFrom(...HOSTS),
      user: fc.constantFrom(...USERS),
      component: fc.constantFrom(...COMPONENTS),
      event: fc.constantFrom(...EVENTS, 'oauth.*', '*'),
      level: fc.constantFrom(...LEVELS),
      min_level: fc.constantFrom(...LEVELS),
      status: fc.constantFrom('404', '4xx', '100-599'),
      trace: fc.constantFrom(...TRACES),
      object: fc.constantFrom('vm-1', 'vm-2', 'vm-3'),
      path: fc.constantFrom('/app', '/*p'),
      q: fc.constantFrom('disk', '"logged in"', 'GET'),
    },
    { requiredKeys: [] },
  )
  // Of so many filters all at once nothing would be left.
  .chain((filter) => fc.subarray(Object.entries(filter), { maxLength: 3 }))
  .map((some) => filterSchema.parse(Object.fromEntries(some)));

/** Searches of up to three filters. */
export const requestArbitrary: fc.Arbitrary<SearchRequest> = fc.record({
  filter: filterArbitrary,
  window: fc
    .tuple(fc.integer({ min: 0, max: 4 * HOUR_MS }), fc.integer({ min: 0, max: 20 }))
    .map(([length, end]) => ({ from: NOW - end - length, to: NOW - end })),
  limit: fc.constantFrom(1, 2, 7, 50),
  errorsOnly: fc.boolean(),
});
