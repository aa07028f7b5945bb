import { type CopyBudget, copyBudget } from '../record/copy-budget.js';
import { copyValue } from '../record/copy-value.js';

/** `data` as much of it as an entry may have. */
export interface BoundData {
  readonly data: Record<string, unknown>;
  readonly isCut: boolean;
}

/**
 * What a call gave, what its context adds and what takes the place of secrets are bounded here together. `data` that keeps
 * to its bounds is given back itself.
 *
 * @param letters code units that names and texts may have
 */
export function boundData(data: Record<string, unknown>, letters: number): BoundData {
  const budget: CopyBudget = copyBudget(Math.max(letters, 0));
  const copy = copyValue(data, budget, []) as Record<string, unknown>;
  return budget.isCut ? { data: copy, isCut: true } : { data, isCut: false };
}
