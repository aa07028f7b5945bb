import type { JsonValue } from './entry.js';

/** Who did it. */
export interface AuditActor {
  /** Such as `user`, `service` or `token`. */
  readonly type?: string | undefined;
  readonly id: string | number;
  readonly name?: string | undefined;
}

/** What it was done to. */
export interface AuditEntity {
  /** Such as `vm` or `invoice`. */
  readonly type: string;
  readonly id: string | number;
}

/** The parts of an audit entry that are in the `data` of its entry, by their names there (spec 002, `AuditEntry`). */
export const AUDIT_PARTS = ['actor', 'entity', 'old_values', 'new_values', 'reason', 'metadata'] as const;

/** The object under which the history of an entity is found, such as `vm:123`; `undefined` where a part is missing. */
export function entityObject(type: unknown, id: unknown): string | undefined {
  const name = auditIdOf(id);
  return typeof type === 'string' && type !== '' && name !== undefined ? `${type}:${name}` : undefined;
}

/** The id of an actor or an entity as text; `undefined` where it is neither a text nor a finite number. */
export function auditIdOf(id: unknown): string | undefined {
  if (typeof id === 'string' && id !== '') return id;
  return typeof id === 'number' && Number.isFinite(id) ? String(id) : undefined;
}

/** Whether a value is a JSON object. */
export function isJsonObject(value: JsonValue | undefined): value is { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
