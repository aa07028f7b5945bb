import { appendFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { adoptSpool } from './adopt-spool.js';
import { readSpooledEntry } from './spooled-entry.js';
import { chunkOf, drain, logEntry, numbersOf, useSpools } from './testing/spool-fixture.js';

const BASE = {
  id: 'app1:log:1700000000000:web:AAAA',
  timestamp: 1_700_000_000_000,
  level: 'INFO',
  message: 'm',
};
const fault = (fields: object) => readSpooledEntry(JSON.stringify({ ...BASE, ...fields }), 'app1:').fault;

test('an entry as a logger stores it is taken, and one with fields of a later version', () => {
  expect(fault({})).toBeUndefined();
  const full = {
    client_ip: '::1',
    status_code: 200,
    objects: ['a'],
    error: { type: 'E', message: '' },
    data: {},
  };
  expect(
    fault({ ...full, order: 3, response_time_ms: 0.5, truncated: ['path'], region: [1] }),
  ).toBeUndefined();
});

test.each([
  ['level', 'LOUD'],
  ['component', {}],
  ['message', ['m']],
  ['timestamp', 1e300],
  ['kind', 'request'],
  ['status_code', '200'],
  ['response_time_ms', 'fast'],
  ['order', -1],
  ['objects', [1]],
  ['error', 'text'],
  ['error', { type: 1 }],
  ['data', []],
  ['client_ip', 7],
  ['path', null],
  ['a","b', 1],
  ['user_agent~1', 'piece'],
])('%s as %j is a fault that is named', (name, value) => {
  expect(fault({ [name]: value })).toContain(name === 'timestamp' ? 'id' : JSON.stringify(name).slice(1, -1));
});

test.each([
  'log:1700000000000:web:AAAA',
  'other:log:1700000000000:web:AAAA',
  'app1:stream:requests',
  'app1:log:1700000000001:web:AAAA',
  'app1:log:1700000000000:web\n:AAAA',
  'app1:log:1700000000000:{tag}:AAAA',
  'app1:log:1700000000000:',
  `app1:log:1700000000000:${'x'.repeat(2_000)}`,
])('the id %j is not ours', (id) => {
  expect(fault({ id })).toContain('id is');
});

test('no text makes reading throw', () => {
  const json = fc.jsonValue().map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(fc.oneof(json, fc.string()), (text) => {
      expect(readSpooledEntry(text, '').fault).toBeDefined();
    }),
  );
  expect(
    readSpooledEntry(`{"id":"log:1:a:A","timestamp":1,"__proto__":{"level":"INFO"}}`, '').fault,
  ).toBeDefined();
});

/** A record whose checksum is right, whatever is in it. */
function recordOf(...texts: readonly string[]): string {
  const body = texts.join('\t');
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  return `${hex(crc32(body))} ${hex(Buffer.byteLength(body))} ${body}\n`;
}

describe('a spool with records that are whole and wrong', () => {
  const fixture = useSpools();

  it('gives all that is good, and counts what is not', async () => {
    const { spool } = fixture.create();
    await spool.append([chunkOf(1)]);
    const [path = ''] = await fixture.segments();
    await spool.close();
    const good = JSON.stringify(logEntry(5));
    const loud = JSON.stringify({ ...logEntry(2), level: 'LOUD' });
    const foreign = JSON.stringify({ ...logEntry(3), id: 'session:1' });
    const head = (number: unknown) => JSON.stringify({ number, counts: [] });
    await appendFile(path, recordOf(head(2), loud) + recordOf(head(1e300), good) + recordOf('null', good));
    await appendFile(path, recordOf(head(3), foreign, good) + recordOf(head(4), good));
    const adopted = await adoptSpool(fixture.place);
    const read = adopted && (await drain(adopted));
    expect(read && numbersOf(read)).toEqual([1, 3, 4]);
    expect(read?.map(({ entries }) => entries.length)).toEqual([1, 1, 1]);
    expect(adopted).toMatchObject({ entries: 0, lostEntries: 4, damagedRecords: 2 });
    expect(adopted?.takeFault()).toContain('session:1');
    expect(adopted?.takeFault()).toBeUndefined();
  });
});
