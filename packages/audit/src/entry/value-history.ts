import type { JsonValue } from '@tailrace/schema';
import type { AuditEntry } from './audit-entry.js';

/** One step in the life of a value. */
export interface ValueStep {
  /** Of the audit entry. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly action: string;
  readonly actor: AuditEntry['actor'];
  /** Missing: the value was added. */
  readonly from?: JsonValue | undefined;
  /** Missing: the value was removed. */
  readonly to?: JsonValue | undefined;
}

/** All steps of one value that are known. */
export interface ValueHistory {
  /** A JSON Pointer (RFC 6901) into the values of the entity. */
  readonly path: string;
  /** Oldest first. */
  readonly steps: readonly ValueStep[];
}

/**
 * What became of each value of one entity. Failed attempts change nothing, so they are no steps; neither are entries that only name
 * the entity among their objects.
 *
 * @param entries oldest first
 * @returns in the order in which the values first appear.
 */
export function valueHistories(
  entries: Iterable<AuditEntry>,
  entity: { readonly type: string; readonly id: string },
): ValueHistory[] {
  const steps = new Map<string, ValueStep[]>();
  for (const { id, timestamp, action, actor, outcome, changes, ...entry } of entries) {
    if (outcome === 'failure' || entry.entity_type !== entity.type || entry.entity_id !== entity.id) continue;
    for (const { path, ...values } of changes) {
      const known = steps.get(path) ?? [];
      steps.set(path, known);
      known.push({ id, timestamp, action, actor, ...values });
    }
  }
  return [...steps].map(([path, known]) => ({ path, steps: known }));
}
