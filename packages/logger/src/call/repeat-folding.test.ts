import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkFoldRepeats, type FoldedMessage, RepeatFolding } from './repeat-folding.js';

describe('RepeatFolding', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setUp(maxPerWindow = 2) {
    const told: FoldedMessage[] = [];
    const folding = new RepeatFolding({ windowMs: 1_000, maxPerWindow }, (folded) => told.push(folded));
    let calls = 0;
    const keeps = (message: string, component = 'db', level = 'INFO' as const) =>
      folding.keeps(component, level, message, ++calls);
    return { folding, keeps, told };
  }

  it('logs so many of a message in a window, counts the others, and tells them when it ends', () => {
    const { keeps, told } = setUp();
    expect([1, 2, 3, 4].map(() => keeps('again'))).toEqual([true, true, false, false]);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([
      { component: 'db', level: 'INFO', message: 'again', count: 2, firstAt: 3, lastAt: 4 },
    ]);
    expect(keeps('again')).toBe(true);
    vi.advanceTimersByTime(5_000);
    expect(told).toHaveLength(1);
  });

  it('takes other components and messages for others, however they are put together', () => {
    const { keeps } = setUp(1);
    const calls: [string, string][] = [
      ['m', 'a'],
      ['m', 'b'],
      ['bm', 'a'],
      ['m', 'ab'],
      ['\0m', 'a'],
      ['m', 'a\0'],
    ];
    expect(calls.map(([message, component]) => keeps(message, component))).toEqual(calls.map(() => true));
  });

  it('tells at a flush what was folded until then, once, and goes on folding', () => {
    const { folding, keeps, told } = setUp(1);
    keeps('again');
    keeps('again');
    folding.tell();
    folding.tell();
    expect(told.map(({ count }) => count)).toEqual([1]);
    expect(keeps('again')).toBe(false);
    folding.endWindow();
    expect(told.map(({ count }) => count)).toEqual([1, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('remembers so many messages and so much text at most; the others are logged', () => {
    const { keeps } = setUp(1);
    for (let i = 0; i < 2_000; i++) keeps(`message ${i}`);
    expect(keeps('message 0')).toBe(false);
    expect(keeps('message 1999')).toBe(true);
    const { keeps: keepsLong } = setUp(1);
    const long = 'x'.repeat(2_000_000);
    expect([keepsLong(long), keepsLong(long)]).toEqual([true, true]);
  });
});

describe('checkFoldRepeats', () => {
  it.each([
    [
      { windowMs: 1, maxPerWindow: 1 },
      'foldRepeats.windowMs is 1; allowed: a whole number from 100 to 3600000',
    ],
    [{ windowMs: 1_000 }, 'foldRepeats.maxPerWindow is undefined; allowed: a whole number from 1'],
    [true, 'foldRepeats is true; allowed: { windowMs, maxPerWindow } or false'],
    [null, 'foldRepeats is null; allowed'],
  ])('refuses %j', (options, message) => {
    expect(() => checkFoldRepeats(options as never)).toThrow(message);
  });
});
