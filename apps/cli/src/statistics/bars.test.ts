import { describe, expect, test } from 'vitest';
import { bar, columns } from './bars.js';
import { shownBytes, shownDuration, shownRate, shownShare } from './figures.js';
import { rankingLines } from './ranking.js';

describe('bars', () => {
  test('are as long as their share, in eighths of a column', () => {
    expect(bar(100, 100, 10)).toBe('██████████');
    expect(bar(55, 100, 10)).toBe('█████▌');
    expect(bar(1, 1_000_000, 10)).toBe('▏');
    expect([bar(0, 10, 10), bar(0, 0, 10), bar(-1, 10, 10)]).toEqual(['', '', '']);
  });

  test('stand side by side as columns, where anything above zero is seen', () => {
    expect(columns([0, 1, 50, 100, 800])).toBe(' ▁▁▁█');
    expect(columns([0, 0])).toBe('  ');
  });
});

describe('figures', () => {
  test('are short and say enough', () => {
    expect([0, 999, 1000, 999_499, 1_500_000, 2.5e15].map(shownBytes)).toEqual([
      '0 B',
      '999 B',
      '1.00 kB',
      '999 kB',
      '1.50 MB',
      '2.50 PB',
    ]);
    expect([0, 0.00421, 12.345, 1234.5].map(shownRate)).toEqual(['0', '0.00421', '12.3', '1,235']);
    expect([null, 0.5, 45.4, 1200].map(shownDuration)).toEqual(['-', '0.50ms', '45ms', '1.20s']);
    expect([shownShare(0, 0), shownShare(1, 3), shownShare(1, 10_000)]).toEqual(['0 %', '33.3 %', '<0.1 %']);
  });
});

describe('a ranking', () => {
  test('is aligned, keeps to its width and shows hostile names escaped', () => {
    const rows = [
      { name: `/${'x'.repeat(100)}/end`, count: 1234 },
      { name: '\x1b[31mred', count: 1 },
    ];
    const lines = rankingLines(rows, 80, 2468);
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(lines[0]).toContain('…');
    expect(lines[0]).toContain('/end');
    expect(lines[1]).toContain('\\x1b[31mred');
    expect(lines.map((line) => line.indexOf('%'))).toEqual([lines[0]?.indexOf('%'), lines[0]?.indexOf('%')]);
  });

  test('of nothing is nothing', () => {
    expect(rankingLines([], 80)).toEqual([]);
  });
});
