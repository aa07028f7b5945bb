import { expect, test } from 'vitest';
import { entryTime, shortEntryTime } from '../print/entry-time.js';
import { timeFlag } from './time-flag.js';

const NOW = Date.parse('2026-11-26T12:00:00.000Z');
const at = (text: string, zone: 'utc' | 'local' = 'utc') => Date.parse(timeFlag(text, zone, NOW));

test.each(['utc', 'local'] as const)('a time as entries show it in %s is read as that time', (zone) => {
  for (const iso of ['2026-11-26T00:00:00.000Z', '2026-03-29T01:30:00.123Z', '2024-02-29T23:59:59.999Z']) {
    expect(at(entryTime(iso, zone), zone)).toBe(Date.parse(iso));
    expect(at(entryTime(iso, zone), zone === 'utc' ? 'local' : 'utc')).toBe(Date.parse(iso));
  }
  const today = '2026-11-26T11:22:33.444Z';
  expect(at(shortEntryTime(today, zone, NOW), zone)).toBe(Date.parse(today));
});

test.each([
  ['2026-11-26 00:00:00.000Z', '2026-11-26T00:00:00.000Z'],
  ['2026-11-21 11:53:17Z', '2026-11-21T11:53:17Z'],
  ['2026-11-21 10:00', '2026-11-21T10:00:00Z'],
  ['2026-11-21 10:00 UTC', '2026-11-21T10:00:00Z'],
  ['2026-11-21 10:00:34', '2026-11-21T10:00:34Z'],
  ['2026-11-21', '2026-11-21T00:00:00Z'],
  ['10:30:45.123Z', '2026-11-26T10:30:45.123Z'],
  ['2024-01-15 12:30:45.123+02:00', '2024-01-15T12:30:45.123+02:00'],
  ['2024-01-15T10:30:00Z', '2024-01-15T10:30:00Z'],
])('%j is sent as %j', (text, sent) => {
  expect(timeFlag(text, 'utc', NOW)).toBe(sent);
  expect(Number.isNaN(Date.parse(sent))).toBe(false);
});

test.each(['yesterday', '1705314645123', '2024-1-5', '', '2023-02-30x'])(
  '%j is left to the gateway as it is',
  (text) => expect(timeFlag(text, 'utc', NOW)).toBe(text),
);

test('a day that does not exist stays one', () => {
  expect(timeFlag('2023-02-30 10:00', 'utc', NOW)).toBe('2023-02-30T10:00:00Z');
  expect(timeFlag('2023-02-30 10:00', 'local', NOW)).toBe('2023-02-30 10:00');
});
