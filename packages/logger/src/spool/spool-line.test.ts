import { decodeStreamEntry, type Entry, type Level } from '@tailrace/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countEntries, decodeChunk, encodeChunk, encodeLine, lineBytes, readLine } from './spool-line.js';
import type { SpooledChunk } from './spooled-chunk.js';

const text = fc.string({ unit: 'binary' });
const surrogates = fc.constantFrom('\ud800', 'a\udfffb', '\u2028\u2029', '\t\n\r\0', '__proto__', '🦊');

const entry: fc.Arbitrary<Entry> = fc
  .record(
    {
      isRequest: fc.boolean(),
      level: fc.constantFrom<Level>('TRACE', 'INFO', 'WARNING', 'ERROR', 'AUDIT'),
      component: fc.oneof(fc.constant('http'), fc.constant('app'), surrogates),
      message: fc.oneof(text, surrogates, fc.constantFrom('', '- -', 'GET / 200')),
      method: fc.constant('GET'),
      path: fc.constant('/'),
      status_code: fc.constantFrom(200, 404, 500),
      data: fc.dictionary(fc.oneof(text, surrogates), fc.jsonValue() as fc.Arbitrary<never>),
    },
    { requiredKeys: ['isRequest', 'level', 'component', 'message'] },
  )
  .map(({ isRequest, ...fields }) => ({
    ...fields,
    id: isRequest ? 'req:1700000000000:10.0.0.1:ABCDEFGH' : 'log:1700000000000:app:ABCDEFGH',
    timestamp: 1_700_000_000_000,
    kind: isRequest ? ('request' as const) : ('log' as const),
  }));

/** An empty message of a request stands for its request line. */
function asRead(given: Entry): Entry | undefined {
  const { kind, message, ...rest } = given;
  return decodeStreamEntry(
    JSON.stringify(kind === 'request' && message === '' ? rest : { message, ...rest }),
  );
}

function roundTrip(chunk: SpooledChunk): SpooledChunk | undefined {
  const { body } = readLine(encodeLine(encodeChunk(chunk)), 0);
  return body && decodeChunk(body, '')?.chunk;
}

describe('a record line', () => {
  it('gives every chunk back as it was, and leaves the entries given alone', () => {
    const chunks = fc.record({
      number: fc.nat(),
      counts: fc.jsonValue(),
      entries: fc.array(entry, { maxLength: 5 }),
    });
    fc.assert(
      fc.property(chunks, (chunk) => {
        const before = structuredClone(chunk.entries);
        const { number, counts } = JSON.parse(JSON.stringify(chunk));
        expect(roundTrip(chunk)).toEqual({ number, counts, entries: chunk.entries.map(asRead) });
        expect(chunk.entries).toEqual(before);
      }),
    );
  });

  it('understands entries that were encoded for Redis before', () => {
    const log = { id: 'log:1:http:A', timestamp: 1, level: 'INFO', component: 'http', message: '- -' };
    const request = { id: 'req:1:10.0.0.1:A', timestamp: 1, status_code: 503 };
    const entries = [log, request] as unknown as Entry[];
    const read = roundTrip({ number: 1, counts: null, entries });
    expect(read?.entries).toEqual([
      { ...log, kind: 'log' },
      { ...request, kind: 'request', level: 'ERROR', component: 'http', message: '- - 503' },
    ]);
    expect(encodeChunk({ number: 1, counts: null, entries }).entries.map(({ level }) => level)).toEqual([
      'INFO',
      'ERROR',
    ]);
  });

  it('is as long as was said before, and tells its number of entries undecoded', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        const chunk = encodeChunk({ number: 7, counts: { a: 1 }, entries });
        const line = encodeLine(chunk);
        expect(line.length).toBe(lineBytes(chunk));
        const { body, end } = readLine(line, 0);
        expect(end).toBe(line.length);
        expect(body && countEntries(body)).toBe(entries.length);
      }),
    );
  });

  it('is known to be damaged when any one of its bytes is another', () => {
    const line = encodeLine(encodeChunk({ number: 1, counts: null, entries: [] }));
    for (let at = 0; at < line.length - 1; at++)
      for (const flip of [1, 2, 0x20, 0x80]) {
        const damaged = Buffer.from(line);
        damaged[at] = (damaged[at] as number) ^ flip;
        expect(readLine(damaged, 0).body).toBeUndefined();
      }
  });
});
