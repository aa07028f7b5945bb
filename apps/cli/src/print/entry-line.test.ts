import { stripVTControlCharacters } from 'node:util';
import type { EntryReply } from '@tailrace/schema';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { fakeEntry } from '../testing/fake-gateway.js';
import { createLineFormatter } from './entry-line.js';
import { highlighterOf } from './highlight.js';
import { createPalette } from './palette.js';

const request = fakeEntry(0, {
  kind: 'request',
  component: 'http',
  message: 'GET /users 200',
  method: 'GET',
  path: '/users',
  status_code: 200,
  response_time_ms: 45,
  client_ip: '192.168.1.100',
  proxy_hostname: 'api.example.com',
});

function plainFormatter() {
  const format = createLineFormatter({
    palette: createPalette(false),
    zone: 'utc',
    columns: () => undefined,
  });
  return (entry: EntryReply) => format([entry]).join('\n');
}

describe('createLineFormatter', () => {
  test('writes a request: time, status, method, path, duration, client, host, user', () => {
    const line = plainFormatter()({ ...request, user_id: 'github-123' });
    expect(line).toBe(
      '2024-01-15 10:30:45.123Z 200 GET /users   45ms 192.168.1.100 api.example.com user=github-123',
    );
  });

  test('writes another entry: time, level, component, message, whom it is about, error', () => {
    const line = plainFormatter()(
      fakeEntry(0, {
        level: 'ERROR',
        component: 'payments',
        message: 'card refused',
        error: { type: 'CardError', message: 'no funds' },
        client_ip: '10.0.0.1',
        user_id: 'u1',
      }),
    );
    expect(line).toBe(
      '2024-01-15 10:30:45.123Z ERROR payments card refused ip=10.0.0.1 user=u1 CardError: no funds',
    );
  });

  test('shows the event of an entry that has no message', () => {
    const entry = fakeEntry(0, { component: 'shop', message: '', event: 'order.paid', user_id: 'u1' });
    expect(plainFormatter()(entry)).toBe('2024-01-15 10:30:45.123Z INFO shop order.paid user=u1');
    expect(plainFormatter()({ ...entry, message: 'paid' })).toMatch(/shop paid user=u1$/);
  });

  test('shows the component and message of a request only where they are not the usual ones', () => {
    const line = plainFormatter()({ ...request, component: 'edge', message: 'served stale' });
    expect(line.endsWith('api.example.com edge served stale')).toBe(true);
  });

  test('aligns the entries of a call, and those after them, by the widest', () => {
    const format = createLineFormatter({ palette: createPalette(false), zone: 'utc', columns: () => 80 });
    const long = { ...request, path: '/a/much/longer/path' };
    const starts = [...format([request, long]), ...format([request])].map((line) => line.indexOf('192.'));
    expect(new Set(starts).size).toBe(1);
  });

  test('cuts lines to the width the terminal has at the moment, wide characters counted as two', () => {
    let columns = 80;
    const format = createLineFormatter({
      palette: createPalette(true),
      zone: 'utc',
      columns: () => columns,
      fit: true,
      highlight: highlighterOf('long', (text) => `\x1b[7m${text}\x1b[27m`),
    });
    const message = `${'日本語 long 👨‍👩‍👧‍👦 '.repeat(20)}end`;
    for (columns of [80, 100, 160, 20, 1]) {
      const [line = ''] = format([fakeEntry(1, { message })]);
      expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      if (columns > 1) expect(stripVTControlCharacters(line).endsWith('…')).toBe(true);
    }
  });

  test('shows durations in the unit that reads best', () => {
    const durationOf = (ms: number) => plainFormatter()({ ...request, response_time_ms: ms }).split(/ +/)[5];
    expect([0.42, 45.4, 999.6, 1204, 125_000].map(durationOf)).toEqual([
      '0.4ms',
      '45ms',
      '1.00s',
      '1.20s',
      '125s',
    ]);
  });

  test('is one line without control characters but our own colours, whatever was logged', () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 });
    const entries: fc.Arbitrary<EntryReply> = fc
      .record({
        kind: fc.constantFrom('request' as const, 'log' as const),
        component: text,
        message: text,
        method: text,
        path: text,
        client_ip: text,
        client_hostname: text,
        proxy_hostname: text,
        user_id: text,
        error: fc.record({ type: text, message: text }),
      })
      .map((fields) => fakeEntry(0, fields));
    const format = createLineFormatter({ palette: createPalette(true), zone: 'local', columns: () => 80 });
    fc.assert(
      fc.property(entries, (entry) => {
        const lines = format([entry]).join('\n');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of our own colours
        const uncolored = lines.replace(/\x1b\[\d{1,2}m/g, '');
        return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(uncolored);
      }),
    );
  });
});
