import { HOUR_MS, MINUTE_MS } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { countedWindow } from './coverage.js';

const at = (text: string) => Date.parse(`2024-01-15T${text}Z`);
const NOW = at('10:30:00');
const hours = { stepMs: HOUR_MS, keptMs: 24 * HOUR_MS } as const;
const shown = ({ coverage, steps }: ReturnType<typeof countedWindow>) => ({
  span: [coverage.from, coverage.to].map((time) => new Date(time).toISOString().slice(8, 23)),
  isExact: coverage.isExact,
  note: coverage.note,
  steps: steps.map((step) => new Date(step).toISOString().slice(11, 16)),
});

describe('a window as hourly counters know it', () => {
  test('is rounded outwards to whole hours, and ends with what can have been counted', () => {
    expect(shown(countedWindow({ from: at('07:15:00'), to: at('08:10:00') }, hours, NOW))).toEqual({
      span: ['15T07:00:00.000', '15T08:59:59.999'],
      isExact: false,
      note: 'counted by whole hours',
      steps: ['08:00', '07:00'],
    });
    expect(shown(countedWindow({ from: at('09:00:00'), to: at('10:10:00') }, hours, NOW))).toMatchObject({
      span: ['15T09:00:00.000', '15T10:30:00.000'],
      isExact: false,
    });
  });

  test('is exact when it is whole hours, or goes from a whole hour until now', () => {
    const whole = { from: at('07:00:00'), to: at('09:00:00') - 1 };
    expect(countedWindow(whole, hours, NOW).coverage).toEqual({ ...whole, isExact: true, note: undefined });
    expect(countedWindow({ from: at('07:00:00'), to: NOW }, hours, NOW).coverage.isExact).toBe(true);
  });

  test('begins no earlier than the counters are kept, and says so', () => {
    const window = { from: at('09:00:00') - 48 * HOUR_MS, to: at('09:00:00') - 20 * HOUR_MS - 1 };
    expect(shown(countedWindow(window, hours, NOW))).toEqual({
      span: ['14T11:00:00.000', '14T12:59:59.999'],
      isExact: false,
      note: 'only kept since 2024-01-14T11:00:00.000Z',
      steps: ['12:00', '11:00'],
    });
  });

  test('has no hours when all of it is past what is kept', () => {
    const window = { from: at('09:00:00') - 72 * HOUR_MS, to: at('09:00:00') - 48 * HOUR_MS };
    expect(countedWindow(window, hours, NOW)).toEqual({
      coverage: { ...window, isExact: false, note: 'only kept since 2024-01-14T11:00:00.000Z' },
      steps: [],
    });
  });

  test('is rounded to minutes where that is how they count', () => {
    const minutes = { stepMs: MINUTE_MS, keptMs: HOUR_MS } as const;
    const window = { from: at('10:01:30'), to: at('10:02:30') };
    expect(shown(countedWindow(window, minutes, NOW)).steps).toEqual(['10:02', '10:01']);
  });
});
