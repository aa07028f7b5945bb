import { describe, expect, test } from 'vitest';
import { parseClfTime, parseTime } from './time-text.js';

const at = (iso: string) => Date.parse(iso);

describe('parseClfTime', () => {
  test('reads the offset', () => {
    expect(parseClfTime('17/May/2015:10:05:03 +0000')).toBe(at('2015-05-17T10:05:03Z'));
    expect(parseClfTime('10/Oct/2000:13:55:36 -0730')).toBe(at('2000-10-10T13:55:36-07:30'));
  });

  test.each(['31/Feb/2015:10:05:03 +0000', '17/Mai/2015:10:05:03 +0000', '17/May/2015:25:05:03 +0000', ''])(
    'refuses %j',
    (text) => {
      expect(parseClfTime(text)).toBeUndefined();
    },
  );
});

describe('parseTime', () => {
  const time = at('2024-01-15T10:30:45.123Z');

  test.each([
    ['2024-01-15T10:30:45.123Z'],
    ['2024-01-15T12:30:45.123+02:00'],
    ['2024-01-15T12:30:45.123456789+0200'],
    ['2024-01-15 10:30:45,123'],
    ['2024-01-15 10:30:45.123 UTC'],
    ['2024-01-15 11:30:45,123 +0100 CET'],
    ['2024-01-15 10:30:45.123 +0000 UTC m=+0.000012'],
    ['2024-01-15T11:30:45.123+01:00[Europe/Vienna]'],
    ['2024-01-15T11:30:45.123+01'],
    ['20240115T103045.123Z'],
    ['2024/01/15 10:30:45.123'],
    ['Mon Jan 15 10:30:45.123 2024'],
    ['15/Jan/2024:10:30:45.123 +0000'],
    ['1705314645123000437'],
    [1705314645.123],
    ['1705314645.123'],
    [1705314645123],
    [1705314645123000],
    [1705314645123000000],
  ])('reads %j', (text) => {
    expect(parseTime(text)).toBe(time);
  });

  test('reads times without seconds and in Common Log Format', () => {
    expect(parseTime('2024-01-15T10:30Z')).toBe(at('2024-01-15T10:30:00Z'));
    expect(parseTime('15/Jan/2024:10:30:45 +0000')).toBe(at('2024-01-15T10:30:45Z'));
  });

  test.each([
    ['2024-01-15 10:30:45 CET'],
    ['2024-02-30T00:00:00Z'],
    ['2024-01-15'],
    ['yesterday'],
    ['2024-13-01T00:00:00Z'],
    [12],
    [-1],
    [null],
    [{}],
    [true],
  ])('refuses %j', (value) => {
    expect(parseTime(value)).toBeUndefined();
  });
});
