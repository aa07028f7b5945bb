import type { Level } from '@tailrace/schema';
import { describe, expect, it } from 'vitest';
import { ComponentLevels, settleLevels } from './component-levels.js';

const TABLE = { level: 'INFO', levels: { db: 'DEBUG', 'db.pool': 'ERROR' } } as const;

describe('ComponentLevels', () => {
  it.each<[string, Level]>([
    ['app', 'INFO'],
    ['db', 'DEBUG'],
    ['db.query', 'DEBUG'],
    ['db.pool', 'ERROR'],
    ['db.pool.idle', 'ERROR'],
    ['dbx', 'INFO'],
    ['db.poolx', 'DEBUG'],
    ['', 'INFO'],
    ['__proto__', 'INFO'],
  ])('logs %s from %s on', (component, lowest) => {
    const levels = new ComponentLevels(TABLE);
    for (const level of ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'AUDIT'] as const) {
      const numbers = { TRACE: 5, DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50, AUDIT: 60 };
      expect(levels.passes(level, component)).toBe(numbers[level] >= numbers[lowest]);
    }
  });

  it('follows every change at once, also for components it knows already', () => {
    const levels = new ComponentLevels(TABLE);
    expect(levels.passes('DEBUG', 'api')).toBe(false);
    levels.set('TRACE', 'api');
    expect(levels.passes('DEBUG', 'api')).toBe(true);
    levels.set(undefined, 'api');
    expect(levels.passes('DEBUG', 'api')).toBe(false);
    levels.set('ERROR');
    expect(levels.passes('INFO', 'app')).toBe(false);
    levels.set(undefined);
    levels.set('TRACE', 'db');
    levels.set(undefined, 'db');
    expect(levels.table()).toEqual(TABLE);
  });

  it('lets levels from elsewhere win, component by component, until they are taken away', () => {
    const levels = new ComponentLevels(TABLE);
    levels.setRemote({ levels: { 'db.pool': 'TRACE' } });
    expect(levels.table()).toEqual({ level: 'INFO', levels: { db: 'DEBUG', 'db.pool': 'TRACE' } });
    levels.set('CRITICAL', 'db.pool');
    expect(levels.passes('TRACE', 'db.pool')).toBe(true);
    levels.setRemote({ level: 'ERROR' });
    expect(levels.table()).toEqual({ level: 'ERROR', levels: { db: 'DEBUG', 'db.pool': 'CRITICAL' } });
    levels.setRemote({});
    expect(levels.table().level).toBe('INFO');
  });

  it('keeps the levels in force when those from elsewhere are wrong', () => {
    const levels = new ComponentLevels(TABLE);
    levels.setRemote({ level: 'ERROR' });
    expect(() => levels.setRemote({ levels: { db: 'LOUD' as Level } })).toThrow(RangeError);
    expect(levels.table().level).toBe('ERROR');
  });

  it('passes AUDIT whatever is set', () => {
    const levels = new ComponentLevels({ level: 'AUDIT', levels: {} });
    expect(levels.passes('AUDIT', 'app')).toBe(true);
    expect(levels.passes('CRITICAL', 'app')).toBe(false);
  });

  it('answers for more components than it remembers, and for one of a million dots', () => {
    const levels = new ComponentLevels(TABLE);
    for (let i = 0; i < 5_000; i++) expect(levels.passes('DEBUG', `db.${i}`)).toBe(true);
    expect(levels.passes('DEBUG', `db${'.'.repeat(1_000_000)}`)).toBe(true);
  });
});

describe('settleLevels', () => {
  it.each([
    [{ level: 'loud' }, 'level is loud; allowed: TRACE, DEBUG'],
    [{ levels: { db: 'loud' } }, 'levels.db is loud; allowed: TRACE'],
    [{ levels: { 'db.*': 'INFO' } }, 'levels names the component "db.*"; allowed'],
    [{ levels: { 'db.': 'INFO' } }, 'levels names the component "db."; allowed'],
    [{ levels: { '': 'INFO' } }, 'levels names the component ""; allowed'],
    [{ levels: ['INFO'] }, 'levels is a list; allowed: an object'],
  ])('refuses %j', (table, message) => {
    expect(() => settleLevels(table as never)).toThrow(message);
  });
});
