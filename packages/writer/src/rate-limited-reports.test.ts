import { describe, expect, it } from 'vitest';
import { RateLimitedReports } from './rate-limited-reports.js';
import type { WriterError } from './writer-options.js';

const ERROR: WriterError = { code: 'write_failed', message: 'no' };

describe('RateLimitedReports', () => {
  it('tells lasting trouble less and less often, and other trouble at once', () => {
    let now = 0;
    const told: string[] = [];
    const reports = new RateLimitedReports(
      ({ code }) => told.push(`${code} at ${now / 1000}`),
      () => now,
    );
    for (; now < 10_000; now += 500) reports.report(ERROR);
    reports.report({ ...ERROR, code: 'queue_full' });
    expect(told).toEqual([
      'write_failed at 0',
      'write_failed at 1',
      'write_failed at 3',
      'write_failed at 7',
      'queue_full at 10',
    ]);
  });

  it('survives a handler that throws and a clock that jumps back', () => {
    let now = 1_000_000;
    let calls = 0;
    const reports = new RateLimitedReports(
      () => {
        calls++;
        throw new Error('handler');
      },
      () => now,
    );
    reports.report(ERROR);
    now = 0;
    reports.report(ERROR);
    expect(calls).toBe(2);
  });
});
