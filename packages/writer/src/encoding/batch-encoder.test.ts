import { DEFAULT_RETENTION_DAYS, type Entry, Keyspace, MAX_ORDER, placesOf, scoreOf } from '@tailrace/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchEncoder } from './batch-encoder.js';
import { classNumber } from './class-number.js';
import { PayloadPool, payloadEntries } from './payload.js';
import { readPayload } from './testing/read-payload.js';

const NOW = Date.UTC(2026, 0, 15, 10);
const PIECE_BYTES = 64;

/** What is one byte a character and stands in JSON as it is, what is not, and what is cut into pieces. */
const texts = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }),
  fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }),
  fc.string({ minLength: 60, maxLength: 70 }),
  fc.string({ minLength: 300, maxLength: 400, unit: fc.constantFrom('a', '"', '\\', 'é', '\u0007') }),
  fc.constantFrom('a'.repeat(65_535), 'a'.repeat(65_536), 'é'.repeat(70_000)),
);
const numbers = fc.oneof(
  fc.constantFrom(-1, 0, 9, 10, 999_999, 1_000_000, 2 ** 31 - 1, 2 ** 31, Number.MAX_SAFE_INTEGER),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
  fc.tuple(fc.nat(), fc.constantFrom(10, 100, 1_000, 10_000)).map(([n, parts]) => n / parts),
);
const entries: fc.Arbitrary<Entry> = fc.record(
  {
    id: fc.constant(''),
    timestamp: fc.integer({ min: NOW - 86_400_000, max: NOW }),
    kind: fc.constantFrom('request' as const, 'log' as const),
    level: fc.constantFrom('INFO' as const, 'ERROR' as const, 'AUDIT' as const),
    component: fc.constantFrom('http', 'db'),
    message: fc.constant(''),
    order: fc.integer({ min: 1, max: MAX_ORDER }),
    client_ip: fc.constantFrom('10.1.2.3', '2001:db8::1'),
    path: texts,
    user_id: texts,
    session_id: fc.constantFrom('s', 's s'),
    trace_id: fc.constantFrom('t1', 't2'),
    event: fc.constantFrom('oauth.token', 'disk.full'),
    objects: fc.array(fc.constantFrom('vm-1', 'vm 2'), { minLength: 1, maxLength: 3 }),
    user_agent: texts,
    status_code: fc.constantFrom(200, 404, 500),
    bytes_sent: numbers,
    response_time_ms: numbers,
    data: fc.dictionary(texts, fc.oneof(texts, numbers)),
  },
  { requiredKeys: ['id', 'timestamp', 'kind', 'level', 'component', 'message'] },
) as fc.Arbitrary<Entry>;

describe('BatchEncoder', () => {
  it('writes every entry as it is, into the hash, into the JSON and under every key it has, whatever its values hold', () => {
    const keyspace = new Keyspace();
    const encoder = new BatchEncoder({
      keyspace,
      retentionDays: DEFAULT_RETENTION_DAYS,
      indexSettings: { slowMs: 1_000 },
      now: () => NOW,
      pool: new PayloadPool(),
    });
    encoder.pieceBytes = PIECE_BYTES;
    fc.assert(
      fc.property(fc.array(entries, { minLength: 1, maxLength: 5 }), (given) => {
        for (const [i, entry] of given.entries())
          entry.id = keyspace.entry(entry.kind, entry.timestamp, entry.client_ip, `uid${i}`);
        const payload = encoder.encode(structuredClone(given));
        const read = readPayload(payload);
        expect(read.map(({ key }) => key)).toEqual(given.map(({ id }) => id));
        for (const [i, { hash, json, score, indexes }] of read.entries()) {
          expect(score).toBe(String(scoreOf(given[i] as Entry)));
          expect(indexes).toEqual(indexesOf(given[i] as Entry, keyspace));
          expect(whole(hash)).toEqual(stored(given[i] as Entry));
          expect(stored(JSON.parse(json))).toEqual(stored(given[i] as Entry));
        }
        expect(payloadEntries(payload).map(({ id }) => id)).toEqual(given.map(({ id }) => id));
      }),
      { numRuns: 150 },
    );
  });
});

/** The sorted sets an entry belongs into, and the number of the class of each. */
function indexesOf(entry: Entry, keyspace: Keyspace): Map<string, number> {
  const places = placesOf(entry, { keyspace }).filter(({ type }) => type === 'zset');
  return new Map(places.map(({ key, retention }) => [key, classNumber(retention)]));
}

/** What the key or another field says, or what a reader makes. */
const IMPLIED = new Set(['id', 'kind', 'level', 'component', 'message']);

/** Names and texts of an entry's fields, as its hash has them. */
function stored(entry: object): Record<string, string> {
  const fields = Object.entries(entry).filter(([name]) => !IMPLIED.has(name));
  return Object.fromEntries(fields.map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value).toWellFormed();
}

/** Pieces put together: `user_agent`, `user_agent~1`, ... */
function whole(hash: Readonly<Record<string, string>>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(hash)) {
    const field = name.replace(/~\d+$/, '');
    if (!IMPLIED.has(field)) joined[field] = (joined[field] ?? '') + value;
  }
  return joined;
}
