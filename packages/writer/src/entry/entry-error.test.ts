import { ENTRY_LIMITS } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { snapshotError } from '../record/snapshot-error.js';
import { Redactor } from '../redaction/redactor.js';
import { resolveWriterOptions } from '../writer-options.js';
import { entryError } from './entry-error.js';

const redactor = new Redactor(resolveWriterOptions({ redis: 'redis://127.0.0.1' }).redact);
const TOKEN = `ghp_${'aB3dE6gH9j'.repeat(4)}`;

describe('a secret across the limit of an error', () => {
  test.each([
    ['message', ENTRY_LIMITS.errorMessageLength],
    ['stack', ENTRY_LIMITS.errorStackLength],
  ] as const)('leaves nothing of itself in the %s', (field, limit) => {
    for (const before of [limit - 5, limit - 20, limit - TOKEN.length + 1]) {
      const error = new Error('failed');
      error[field] =
        `${'word '.repeat(limit / 5).slice(0, before - 1)} ${TOKEN} and ${'more '.repeat(1_000)}`;
      const built = entryError(snapshotError(error), redactor);
      expect(built.error[field]).not.toContain('ghp_');
      expect(built.error[field]?.length).toBeLessThanOrEqual(limit);
      expect(built.isCut).toBe(true);
    }
  });
});
