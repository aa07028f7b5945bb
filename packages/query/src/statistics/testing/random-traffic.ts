import { type Entry, HOUR_MS, LEVEL_NAMES, levelOfStatus, requestMessage } from '@tailrace/schema';
import fc from 'fast-check';

/** What the clock of the tests says. */
export const NOW = Date.UTC(2024, 0, 15, 12, 34, 56, 789);
export const DAY_MS = 24 * HOUR_MS;
/** Proxy host names of the entries. */
export const HOSTS = ['a.example', 'b.example', 'c.example'];

/** Begins and ends anywhere, on the hour and a millisecond beside it. */
export const windowArbitrary = fc
  .tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 0, max: 24 }), fc.constantFrom(-1, 0, 1, 123_456))
  .map(([first, second, off]) => {
    const [older, newer] = [Math.max(first, second), Math.min(first, second)];
    const hour = NOW - (NOW % HOUR_MS) + HOUR_MS;
    const from = Math.min(hour - older * HOUR_MS + off, NOW);
    return { from, to: Math.max(from, Math.min(hour - newer * HOUR_MS + off, NOW)) };
  });

/** Entries of the last 24 hours, some of them on the edges of hours. */
export function entriesOf(seed: number, count: number): Entry[] {
  const draft = fc.record({
    age: fc.oneof(fc.integer({ min: 0, max: DAY_MS }), fc.integer({ min: 0, max: 23 }).map(ageOfHour)),
    isRequest: fc.boolean(),
    status: fc.constantFrom(200, 200, 200, 301, 404, 500, 503, undefined),
    level: fc.oneof(fc.constantFrom(...LEVEL_NAMES), fc.constant(undefined)),
    host: fc.constantFrom(...HOSTS, undefined),
    ip: fc.integer({ min: 1, max: 60 }),
    user: fc.constantFrom('alice', 'bob', undefined),
    path: fc.constantFrom('/', '/users/1', '/users/2', '/orders/7'),
    method: fc.constantFrom('GET', 'POST'),
    ms: fc.option(fc.double({ min: 0.01, max: 5_000, noNaN: true }), { nil: undefined }),
    bytes: fc.option(fc.nat(10_000), { nil: undefined }),
    event: fc.constantFrom('order.paid', 'order.sent', 'oauth.token', undefined),
  });
  return fc.sample(draft, { numRuns: count, seed }).map((one, i) =>
    toEntry(i, {
      timestamp: NOW - one.age,
      kind: one.isRequest ? 'request' : 'log',
      proxy_hostname: one.host,
      client_ip: `192.0.2.${one.ip}`,
      user_id: one.user,
      event: one.event,
      level: one.isRequest && one.ip < 50 ? undefined : one.level,
      ...(one.isRequest && {
        status_code: one.status,
        method: one.method,
        path: one.path,
        response_time_ms: one.ms,
        bytes_sent: one.bytes,
      }),
    }),
  );
}

function ageOfHour(hours: number): number {
  return (NOW % HOUR_MS) + hours * HOUR_MS;
}

type Draft = { [Field in keyof Entry]?: Entry[Field] | undefined };

/** The entry of a draft, with an id that is its own by its number. */
export function toEntry(number: number, { level, ...draft }: Draft): Entry {
  const { kind = 'request', timestamp = NOW, status_code: status } = draft;
  const given = Object.entries(draft).filter(([, value]) => value !== undefined);
  const uid = String(number).padStart(8, '0');
  return {
    ...Object.fromEntries(given),
    timestamp,
    kind,
    id: kind === 'request' ? `req:${timestamp}:${draft.client_ip}:${uid}` : `log:${timestamp}:app:${uid}`,
    component: kind === 'request' ? 'http' : 'app',
    level: level ?? (kind === 'request' ? levelOfStatus(status) : 'INFO'),
    message: kind === 'request' ? requestMessage(draft as Entry) : 'm',
  };
}
