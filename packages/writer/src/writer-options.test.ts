import { DEFAULT_RETENTION_DAYS } from '@tailrace/schema';
import { describe, expect, it } from 'vitest';
import { resolveWriterOptions, type WriterOptions } from './writer-options.js';

const REDIS = 'redis://127.0.0.1';
const resolve = (options: object) => resolveWriterOptions({ redis: REDIS, ...options } as WriterOptions);

describe('resolveWriterOptions', () => {
  it('keeps the defaults of classes that are not given', () => {
    expect(resolve({ retentionDays: { requests: 3, audit: undefined } }).retentionDays).toEqual({
      ...DEFAULT_RETENTION_DAYS,
      requests: 3,
    });
    expect(resolve({ indexSettings: {} }).indexSettings).toEqual({ slowMs: 1_000 });
  });

  it.each([
    [{ retentionDays: { logs: 3 } }, 'retentionDays.logs is unknown; allowed: requests, errors, oauth'],
    [{ retentionDays: 7 }, 'retentionDays is a number; allowed: { requests, errors'],
    [{ retentionDays: { errors: '30' } }, 'retentionDays.errors is 30; allowed: a number'],
    [{ retentionDays: { errors: Number.NaN } }, 'retentionDays.errors is NaN; allowed: a number'],
    [{ indexSettings: { slow: 1 } }, 'indexSettings.slow is unknown; allowed: slowMs'],
    [{ retention: {} }, 'retention is no option; allowed: redis'],
  ])('refuses %j by name', (options, message) => {
    expect(() => resolve(options)).toThrow(message);
  });
});
