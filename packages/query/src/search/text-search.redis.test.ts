import { filterSchema } from '@tailrace/api';
import { DEFAULT_RETENTION_DAYS, type Entry, Keyspace, MIN_PIECE_BYTES } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFilter } from '../filter/compile-filter.js';
import { storeEntries } from '../testing/store-entries.js';
import { createReader } from './reader.js';

const NOW = Date.UTC(2024, 0, 15, 12);
const DAY = { from: NOW - 86_400_000, to: NOW };

/** Letters that are the same without case in more than one way, and what JSON escapes. */
const LETTERS = [
  's',
  'S',
  'ß',
  'ſ',
  'k',
  '\u212a',
  'ﬁ',
  'f',
  'i',
  'ı',
  'İ',
  'é',
  'e\u0301',
  '日',
  '"',
  '\\',
  '\n',
  '/',
  ' ',
];
const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 6 });
const longText = fc
  .tuple(text, fc.integer({ min: 50, max: 130 }), text)
  .map(([a, n, b]) => a + 'x'.repeat(n) + b);
const someText = fc.oneof(text, longText);

const draftArbitrary = fc.record(
  {
    isRequest: fc.boolean(),
    message: someText,
    path: someText.map((path) => `/${path}`),
    method: fc.constantFrom('GET', 'fisk'),
    status_code: fc.constantFrom(200, 404),
    event: text,
    user_agent: someText,
    data: fc.dictionary(text, fc.oneof(someText, fc.constantFrom(7, 1e21, true, null)), { maxKeys: 2 }),
    error: fc.record({ type: text, message: someText }),
  },
  { requiredKeys: ['isRequest'] },
);

describe.each(TEST_ENGINES)('a search for texts, on $name', ({ start }) => {
  const engine = useEngine(start);

  function open() {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix: engine.newKeyPrefix() });
    const reader = createReader({
      redis,
      keyspace,
      retentionDays: DEFAULT_RETENTION_DAYS,
      now: () => NOW,
      scanBudget: { candidates: 1_000_000, milliseconds: 60_000 },
    });
    return { redis, keyspace, reader };
  }

  test('finds what the filter takes, however letters are spelt, escaped or cut into pieces', async () => {
    const { redis, keyspace, reader } = open();
    const entries = fc
      .sample(draftArbitrary, { numRuns: 400, seed: 3 })
      .map(({ isRequest, ...draft }, n): Entry => {
        const kind = isRequest ? 'request' : 'log';
        const timestamp = NOW - n;
        const id = keyspace.entry(
          kind,
          timestamp,
          isRequest ? '192.0.2.1' : 'app',
          String(n).padStart(8, '0'),
        );
        const { method = '-', path = '-', status_code: status = '' } = draft;
        const message = draft.message || (isRequest ? `${method} ${path} ${status}`.trim() : '');
        return { ...draft, id, timestamp, kind, level: 'INFO', component: 'app', message } as Entry;
      });
    await storeEntries(redis, keyspace, entries, NOW);
    await cutIntoPieces(entries);
    const term = fc.oneof(
      text,
      fc.constantFrom('x', 'get', '"get /"', '404', '"GET -"', 'fisk', '1e+21', 'true'),
    );
    const query = fc.oneof(
      fc
        .tuple(fc.constantFrom('', '-'), term, fc.constantFrom('', ' -x', ' s'))
        .map(([a, b, c]) => ({ q: a + b + c })),
      fc.tuple(text, term).map(([name, value]) => ({ [`data.${name}`]: value })),
    );
    const property = fc.asyncProperty(
      query.filter((query) => filterSchema.safeParse(query).success),
      async (query) => {
        const filter = filterSchema.parse(query);
        const expected = entries.filter((entry) => compileFilter(filter).matches(entry)).map(({ id }) => id);
        const { entries: found } = await reader.search({ filter, window: DAY, limit: 1_000 });
        expect(found.map(({ id }) => id).reverse()).toEqual(expected);
      },
    );
    await fc.assert(property, { numRuns: 120, endOnFailure: true });
  }, 60_000);

  test('fetches none of the entries that cannot match', async () => {
    const { redis, keyspace, reader } = open();
    const entries = Array.from({ length: 1_000 }, (_, n): Entry => {
      const timestamp = NOW - n;
      const id = keyspace.entry('log', timestamp, 'app', String(n).padStart(8, '0'));
      return {
        id,
        timestamp,
        kind: 'log',
        level: 'INFO',
        component: 'app',
        message: n === 700 ? 'rare' : 'usual',
      };
    });
    await storeEntries(redis, keyspace, entries, NOW);
    await redis.set(entries[3]?.id as string, 'of another type');
    await redis.del(entries[5]?.id as string);
    const found = async (q: string) => {
      await redis.config('RESETSTAT');
      const page = await reader.search({ filter: { q }, window: DAY, limit: 10 });
      const [, calls = '0'] = /cmdstat_hgetall:calls=(\d+)/.exec(await redis.info('commandstats')) ?? [];
      return { ids: page.entries.map(({ id }) => id), fetched: Number(calls), isPartial: page.partial };
    };
    expect(await found('nowhere')).toEqual({ ids: [], fetched: 0, isPartial: false });
    expect(await found('RARE')).toEqual({ ids: [entries[700]?.id], fetched: 1, isPartial: false });
  });

  /** As a writer does on a server that keeps only short values compact. */
  async function cutIntoPieces(entries: readonly Entry[]): Promise<void> {
    for (const { id } of entries) {
      for (const [name, value] of Object.entries(await engine.redis.hgetall(id))) {
        const letters = [...value];
        const pieces = [''];
        for (const letter of letters) {
          const isFull = Buffer.byteLength(pieces.at(-1) + letter) > MIN_PIECE_BYTES;
          if (isFull) pieces.push(letter);
          else pieces[pieces.length - 1] += letter;
        }
        if (pieces.length === 1) continue;
        const fields = pieces.map((piece, n) => [n === 0 ? name : `${name}~${n}`, piece]);
        await engine.redis.hset(id, Object.fromEntries(fields));
      }
    }
  }
});
