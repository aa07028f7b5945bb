import { AUDIT_PARTS, auditIdOf, type Entry, isJsonObject, type JsonValue } from '@tailrace/schema';
import { jsonPatchOf, type PatchOperation } from '../changes/json-patch.js';
import { type ValueChange, valueChanges } from '../changes/value-changes.js';

/** An entry of level AUDIT in the parts spec 002 names (`AuditEntry`). */
export interface AuditEntry {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** The entry's event; its message where it has none. */
  readonly action: string;
  /** Where the entry names none, its user; `null` without a user. */
  readonly actor: { readonly [part: string]: JsonValue } | null;
  readonly entity_type: string | null;
  readonly entity_id: string | null;
  readonly outcome: 'success' | 'failure' | null;
  readonly reason: JsonValue;
  readonly old_values: JsonValue;
  readonly new_values: JsonValue;
  /** What differs between old and new values. */
  readonly changes: readonly ValueChange[];
  /** The same as a JSON Patch (RFC 6902). */
  readonly patch: readonly PatchOperation[];
  readonly metadata: { readonly [name: string]: JsonValue };
  readonly objects: readonly string[];
  readonly component: string;
  readonly message: string;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly trace_id: string | null;
  /** What else is in the entry's data. */
  readonly data: { readonly [name: string]: JsonValue };
  /** Fields that were longer than what is stored: of cut values the changes are not all. */
  readonly truncated?: readonly string[];
}

/** Reads an entry as an audit entry. What has another shape than {@link AuditEntry} says stays in `data`. */
export function auditEntryOf(entry: Entry): AuditEntry {
  const { data = {}, truncated } = entry;
  const entity = entityOf(data.entity);
  const actor = isJsonObject(data.actor) ? data.actor : undefined;
  const metadata = isJsonObject(data.metadata) ? data.metadata : undefined;
  const { old_values = null, new_values = null, reason = null } = data;
  const changes = valueChanges(old_values ?? undefined, new_values ?? undefined);
  const read = new Set<string>(AUDIT_PARTS);
  if (actor === undefined) read.delete('actor');
  if (entity === undefined) read.delete('entity');
  if (metadata === undefined) read.delete('metadata');
  return {
    id: entry.id,
    timestamp: entry.timestamp,
    action: entry.event ?? entry.message,
    actor: actor ?? (entry.user_id === undefined ? null : { id: entry.user_id }),
    entity_type: entity?.type ?? null,
    entity_id: entity?.id ?? null,
    outcome: entry.outcome ?? null,
    reason,
    old_values,
    new_values,
    changes,
    patch: jsonPatchOf(changes),
    metadata: metadata ?? {},
    objects: entry.objects ?? [],
    component: entry.component,
    message: entry.message,
    ip_address: entry.client_ip ?? null,
    user_agent: entry.user_agent ?? null,
    trace_id: entry.trace_id ?? null,
    data: Object.fromEntries(Object.entries(data).filter(([name]) => !read.has(name))),
    ...(truncated !== undefined && { truncated }),
  };
}

function entityOf(value: JsonValue | undefined): { readonly type: string; readonly id: string } | undefined {
  if (!isJsonObject(value) || typeof value.type !== 'string') return undefined;
  const id = auditIdOf(value.id);
  return id === undefined ? undefined : { type: value.type, id };
}
