import { ENTRY_LIMITS } from '@tailrace/schema';
import { copyBudget } from './copy-budget.js';
import { copyError, type ErrorSnapshot } from './copy-error.js';
import { copyValue } from './copy-value.js';

/**
 * What is kept of an error: its type, message, stack, code, the chain of its causes, the members of an AggregateError and
 * whatever else it carries, bounded each and all together. One that is the cause of several is kept with each. Reading it
 * never throws.
 */
export function snapshotError(error: object): ErrorSnapshot {
  return copyError(error, copyBudget(ENTRY_LIMITS.errorLength), [error], copyValue);
}
