import { describe, expect, it } from 'vitest';
import { LEVEL_NAMES, levelOfStatus, levelsFrom, parseLevel, statusesOfLevel } from './level.js';

describe('parseLevel', () => {
  it.each([
    ['info', 'INFO'],
    ['Warn', 'WARNING'],
    ['FATAL', 'CRITICAL'],
    ['audit', 'AUDIT'],
  ])('reads %s as %s', (text, level) => expect(parseLevel(text)).toBe(level));

  it.each(['', 'loud', 'toString', '__proto__', 'constructor'])('knows no level "%s"', (text) =>
    expect(parseLevel(text)).toBeUndefined(),
  );
});

describe('levelOfStatus', () => {
  it('is the inverse of statusesOfLevel for every status', () => {
    for (let status = 100; status <= 599; status++) {
      const range = statusesOfLevel(levelOfStatus(status));
      expect(range !== undefined && status >= range.from && status <= range.to).toBe(true);
    }
  });
});

describe('levelsFrom', () => {
  it('holds the level itself, every higher one and always AUDIT', () => {
    expect(levelsFrom('ERROR')).toEqual(['ERROR', 'CRITICAL', 'AUDIT']);
    expect(levelsFrom('TRACE')).toEqual(LEVEL_NAMES);
  });
});
