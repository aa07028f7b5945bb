import { decodeCursor, encodeCursor, MAX_ORDER, windowOf } from '@tailrace/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logQuerySchema } from './log-query.js';

function messages(query: object): string[] {
  const parsed = logQuerySchema.safeParse(query);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('logQuerySchema', () => {
  it.each([
    [{ level: 'LOUD' }, 'level: must be one of TRACE, DEBUG'],
    [{ status: '999' }, 'status: must be a status from 100 to 599'],
    [{ status: '500-400' }, 'status: must be a status'],
    [{ limit: '-1' }, 'limit: must be at least 1'],
    [{ limit: 'ten' }, 'limit: must be a whole number'],
    [{ limit: '1001' }, 'limit: must be at most 1000'],
    [{ hours: '0' }, 'hours: must be more than 0'],
    [{ hours: '1', from: '0' }, 'hours: must not be given together with from'],
    [{ from: '2024-01-15' }, 'from: must be ISO 8601 with an offset'],
    [{ from: '5', to: '4' }, 'from: must not be later than to'],
    [{ ip: 'nowhere' }, 'ip: must be an IPv4 or IPv6 address'],
    [{ cursor: 'x' }, 'cursor: must be a next_cursor of an earlier reply'],
    [{ outcome: 'maybe' }, 'outcome: '],
    [{ outcome: 'maybe' }, 'outcome: must be success or failure'],
    [{ q: '' }, 'q: must not be empty'],
    [{ 'q!': '' }, 'q!: must not be empty'],
    ...['"', '""', ' ', '\u00a0', '" "', '-""', '"" "', '-"'].map(
      (q) => [{ q }, 'q: must have a word or a phrase that is not blank'] as [object, string],
    ),
    [{ 'q!': '""' }, 'q!: must have a word'],
    [{ ip: '192.0.2.1/33' }, 'ip: must be an IPv4 or IPv6 address, or a range'],
    [{ ip: '192.0.2/24' }, 'ip: must be an IPv4 or IPv6 address, or a range'],
    [{ status: '404,' }, 'status: must be a status from 100 to 599'],
    [{ event: '*.token' }, 'event: must be an event'],
    [{ method: 'G T' }, 'method: must be an HTTP method'],
    [{ min_ms: ' ' }, 'min_ms: must be a number of milliseconds'],
    [{ min_ms: ['1', '2'] }, 'min_ms: must be a number of milliseconds'],
    [{ user: Array.from({ length: 101 }, () => 'u') }, 'user: must be text, at most 100 values'],
    [{ 'data.': '1' }, 'data.: must be data. and names with dots between them'],
    [{ 'data.a..b': '1' }, 'data.a..b: must be data. and names'],
    [{ 'data.a.!': '1' }, 'data.a.!: must be data. and names'],
    [{ [`data.${'a.'.repeat(20)}a`]: '1' }, 'at most 20 names and 256 characters'],
    [{ [`data.${'a'.repeat(257)}`]: '1' }, 'at most 20 names and 256 characters'],
    [{ 'data.a': '' }, 'data.a: must not be empty'],
    [{ 'data.a': 'a'.repeat(1025) }, 'data.a: must be at most 1024 characters'],
    [{ 'data.a': '>' }, 'data.a: must have a number behind < or >'],
    [{ 'data.a!': '<=ten' }, 'data.a!: must have a number behind < or >'],
    [{ 'data.a': ['1', '>x'] }, 'data.a: must have a number behind < or >'],
    [{ 'data.a': Array.from({ length: 101 }, () => '1') }, 'data.a: must be text, at most 100 values'],
    [
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`data.f${i}`, '1'])),
      'data.f20: must be one of at most 20 on data',
    ],
    [{ data: '1' }, 'Unrecognized key: "data"'],
    [{ 'data.__proto__': '>' }, 'data.__proto__: must have a number'],
    [{ from: '2024-02-30T00:00:00Z' }, 'from: must be ISO 8601'],
    [{ from: '2024-01-15T10:30:00+24:00' }, 'from: must be ISO 8601'],
    [{ from: '9'.repeat(16) }, 'from: must be ISO 8601'],
  ])('refuses %j', (query, message) => {
    expect(messages(query).join('\n')).toContain(message);
  });

  it('refuses a parameter it does not know', () => expect(messages({ levle: 'INFO' })).toHaveLength(1));

  it('takes filters on data, whatever path they name', () => {
    const filters = { 'data.order.id': '7', 'data.amount!': ['>100', '<=-0.5'], 'data.toString': 'a*' };
    expect(logQuerySchema.parse(filters)).toEqual({ ...filters, limit: 100 });
  });

  it('reads values into what they mean', () => {
    expect(
      logQuerySchema.parse({ user: ['a', 'b'], 'level!': 'error,audit', ip: '192.0.2.9/24' }),
    ).toMatchObject({ user: ['a', 'b'], 'level!': ['ERROR', 'AUDIT'], ip: '192.0.2.0/24' });
    expect(
      logQuerySchema.parse({ status: '4xx', ip: '::ffff:192.0.2.1', level: 'warn', hours: '0.5' }),
    ).toEqual({
      status: { from: 400, to: 499 },
      ip: '192.0.2.1',
      level: 'WARNING',
      hours: 0.5,
      limit: 100,
    });
  });
});

describe('a time', () => {
  const time = Date.UTC(2024, 0, 15, 10, 30, 0, 250);
  it.each([
    ['2024-01-15T10:30:00.250Z', time],
    ['2024-01-15 10:30:00.250Z', time],
    ['2024-01-15T10:30:00,250z', time],
    ['2024-01-15T12:30:00.25+02:00', time],
    ['2024-01-15T12:30:00.25 02:00', time],
    ['2024-01-15T01:00:00.250-0930', time],
    ['2024-01-15T10:30+00', time - 250],
    [String(time), time],
    ['1705314600.25', time],
    ['1705314600', time - 250],
    ['0', 0],
  ])('%s is %d', (text, expected) => expect(logQuerySchema.parse({ from: text }).from).toBe(expected));
});

describe('windowOf', () => {
  it('is the last 24 hours unless the query says otherwise', () => {
    const hour = 3_600_000;
    expect(windowOf({}, 100 * hour)).toEqual({ from: 76 * hour, to: 100 * hour });
    expect(windowOf({ hours: 1, to: 50 * hour }, 100 * hour)).toEqual({ from: 49 * hour, to: 50 * hour });
    expect(windowOf({ from: 5 }, 100 * hour)).toEqual({ from: 5, to: 100 * hour });
  });
});

describe('a cursor', () => {
  it('reads back as it was, and no other text reads as one', () => {
    fc.assert(
      fc.property(fc.nat(8.64e15), fc.nat(MAX_ORDER), fc.string({ minLength: 1 }), (timestamp, order, id) => {
        expect(decodeCursor(encodeCursor({ timestamp, order, id }))).toEqual({ timestamp, order, id });
      }),
    );
    for (const text of ['not a cursor', '1 log:1:a:b', '1 4096 log:1:a:b'])
      expect(decodeCursor(Buffer.from(text).toString('base64url'))).toBeUndefined();
  });
});
