import { describe, expect, test } from 'vitest';
import { parseTime } from './time-text.js';
import { parseTimeZone } from './time-zone.js';

const read = (text: string, zone: string) => {
  const time = parseTime(text, parseTimeZone(zone));
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('parseTimeZone', () => {
  test.each([
    ['2026-07-01 12:00:00', 'Europe/Vienna', '2026-07-01T10:00:00.000Z'],
    ['2026-01-01 12:00:00', 'Europe/Vienna', '2026-01-01T11:00:00.000Z'],
    ['2026-03-29 01:59:59.999', 'Europe/Vienna', '2026-03-29T00:59:59.999Z'],
    ['2026-03-29 03:00:00', 'Europe/Vienna', '2026-03-29T01:00:00.000Z'],
    ['2026-10-25 02:30:00', 'Europe/Vienna', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25 03:00:00', 'Europe/Vienna', '2026-10-25T02:00:00.000Z'],
    ['2026-01-01 00:00:00', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
    ['2026-01-01 12:00:00', '-03:30', '2026-01-01T15:30:00.000Z'],
    ['2026-01-01 12:00:00', 'utc', '2026-01-01T12:00:00.000Z'],
    ['2026-01-01T12:00:00+01:00', 'Asia/Tokyo', '2026-01-01T11:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(read(text, zone)).toBe(expected);
  });

  test.each(['', 'Europe/Nowhere', '+25:00', 'x'])('refuses %j', (zone) => {
    expect(parseTimeZone(zone)).toBeUndefined();
  });
});
