import { describe, expect, it } from 'vitest';
import { ageRefusal, classOf, DAY_MS, DEFAULT_RETENTION_DAYS, parseRetentionDays } from './retention.js';

describe('classOf', () => {
  it.each([
    [{ kind: 'log', level: 'AUDIT', event: 'oauth.token' }, 'audit'],
    [{ kind: 'log', level: 'ERROR', event: 'oauth.token' }, 'oauth'],
    [{ kind: 'request', level: 'WARNING', status_code: 404 }, 'errors'],
    [{ kind: 'log', level: 'WARNING', status_code: 404 }, 'requests'],
    [{ kind: 'log', level: 'CRITICAL' }, 'errors'],
    [{ kind: 'request', level: 'INFO', status_code: 200 }, 'requests'],
  ] as const)('puts %j into %s', (entry, retention) => expect(classOf(entry)).toBe(retention));
});

describe('ageRefusal', () => {
  const now = 1_000 * DAY_MS;
  const of = (days: number, level: 'INFO' | 'AUDIT' = 'INFO') =>
    ageRefusal({ kind: 'log', level, timestamp: now - days * DAY_MS }, DEFAULT_RETENTION_DAYS, now)?.code;

  it('refuses what is older than its class is kept, and what is more than a day ahead', () => {
    expect([of(6.9), of(7.1), of(-0.9), of(-1.1)]).toEqual([
      undefined,
      'entry_too_old',
      undefined,
      'entry_in_future',
    ]);
    expect(of(900, 'AUDIT')).toBeUndefined();
  });
});

describe('parseRetentionDays', () => {
  it('changes the classes named and keeps the others', () => {
    expect(parseRetentionDays('requests=1, audit=10')).toEqual({
      ...DEFAULT_RETENTION_DAYS,
      requests: 1,
      audit: 10,
    });
  });

  it('takes one number for all classes', () => {
    expect(Object.values(parseRetentionDays('30'))).toEqual(Array(5).fill(30));
  });

  it.each([
    '0',
    '-1',
    '99999',
    'requests',
    'requests=0',
    'requests=-1',
    'requests=x',
    'logs=7',
    'requests=99999',
  ])('refuses "%s"', (text) => expect(() => parseRetentionDays(text)).toThrow(/retention/));
});
