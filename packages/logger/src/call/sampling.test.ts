import type { LogRecord } from '@tailrace/writer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSampling, Sampling, type SamplingRule, shareOfId } from './sampling.js';

function record(fields: Record<string, unknown>, more: Partial<LogRecord> = {}): LogRecord {
  return {
    kind: 'log',
    level: 'INFO',
    timestamp: 0,
    message: 'm',
    line: undefined,
    fields,
    bytes: 0,
    truncated: false,
    ...more,
  };
}

function sampling(rules: readonly SamplingRule[], random = () => 0.5): Sampling {
  return new Sampling(rules, random);
}

describe('Sampling', () => {
  it.each([0.01, 0.1, 0.5, 0.9])('keeps about a share of %d of all traces', (rate) => {
    const sampled = sampling([{ rate }]);
    for (const name of [
      (i: number) => `req-${i}`,
      (i: number) => (i * 7919).toString(16).padStart(32, '0'),
    ]) {
      let kept = 0;
      for (let i = 0; i < 20_000; i++) if (sampled.keeps(record({ trace_id: name(i) }), 'INFO')) kept++;
      // Five standard deviations of a fair draw.
      expect(Math.abs(kept / 20_000 - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / 20_000));
    }
  });

  it('decides the same for a trace every time, wherever its id stands, and keeps more at a higher rate', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (id, rate) => {
        const first = sampling([{ rate }], () => 0).keeps(record({ trace_id: id }), 'INFO');
        const inContext = record({}, { context: { trace_id: id } });
        expect(sampling([{ rate }], () => 1).keeps(inContext, 'DEBUG')).toBe(first);
        if (first) expect(sampling([{ rate: (rate + 1) / 2 }]).keeps(inContext, 'INFO')).toBe(true);
      }),
    );
  });

  it('has the hash the docs describe', () => {
    expect(
      ['a', 'req-123', '4bf92f3577b34da6a3ce929d0e0e4736'].map((id) => shareOfId(id).toFixed(6)),
    ).toEqual(['0.103526', '0.478143', '0.881445']);
  });

  it('goes by the session without a trace, and by chance without either', () => {
    const half = sampling([{ rate: 0.5 }], () => 0.4);
    const sessions = Array.from({ length: 50 }, (_, i) => record({ session_id: i }));
    const decisions = sessions.map((one) => half.keeps(one, 'INFO'));
    expect(new Set(decisions).size).toBe(2);
    expect(sampling([{ rate: 0.5 }], () => 0.9).keeps(record({}), 'INFO')).toBe(false);
    expect(half.keeps(record({}), 'INFO')).toBe(true);
  });

  it.each(['ERROR', 'CRITICAL', 'AUDIT'] as const)('never leaves out %s', (level) =>
    expect(sampling([{ rate: 0 }]).keeps(record({}, { level }), level)).toBe(true),
  );

  it('goes by the first rule that fits', () => {
    const rules = sampling([
      { event: 'cache.hit', rate: 1 },
      { event: 'cache.*', rate: 0 },
      { path: '/health', rate: 0 },
      { path: '/assets/*', rate: 0 },
      { component: 'db*', level: 'DEBUG', rate: 0 },
    ]);
    const keeps = (fields: Record<string, unknown>, more?: Partial<LogRecord>) =>
      rules.keeps(record(fields, more), more?.level ?? 'INFO');
    const line = (path: string) => ({
      line: { method: 'GET', path, client_ip: '', proxy_hostname: '' },
      kind: 'request' as const,
    });
    expect(keeps({ event: 'cache.hit' })).toBe(true);
    expect(keeps({ event: 'cache.miss' })).toBe(false);
    expect(keeps({ event: 'cached' })).toBe(true);
    expect(keeps({}, line('/health?probe=1'))).toBe(false);
    expect(keeps({}, line('/healthy'))).toBe(true);
    expect(keeps({}, line('/assets/a.css'))).toBe(false);
    expect(keeps({ component: 'db.pool' }, { level: 'DEBUG' })).toBe(false);
    expect(keeps({ component: 'db.pool' })).toBe(true);
    expect(keeps({}, { level: 'DEBUG' })).toBe(true);
  });
});

describe('checkSampling', () => {
  it.each([
    [[{ rate: 1.5 }], 'sampling[0].rate is 1.5; allowed: a number from 0 to 1'],
    [[{ rate: 1 }, { event: 'x' }], 'sampling[1].rate is undefined; allowed'],
    [[{ rate: Number.NaN }], 'sampling[0].rate is NaN; allowed'],
    [[{ path: '/*/x', rate: 0 }], 'sampling[0].path is /*/x; allowed: a text, with a * at its end or none'],
    [[{ level: 'ERROR', rate: 0 }], 'sampling[0].level is ERROR; allowed: TRACE, DEBUG, INFO, WARNING'],
    [[{ paths: '/x', rate: 0 }], 'sampling[0].paths is no part of a rule; allowed: event, path'],
    [[null], 'sampling[0] is null; allowed: { event, path, component, level, rate }'],
    [{ rate: 1 }, 'sampling is an object; allowed: a list of rules'],
  ])('refuses %j', (rules, message) => {
    expect(() => checkSampling(rules as never)).toThrow(message);
  });
});
