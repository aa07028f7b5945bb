import type { AuditBody } from '@tailrace/api';
import {
  AUDIT_PARTS,
  auditIdOf,
  ENTRY_LIMITS,
  type EntryInput,
  entityObject,
  type JsonValue,
} from '@tailrace/schema';

/** The entry that an audit entry is stored as: the same as `log_audit` makes of its parts. */
export function auditInput(body: AuditBody): EntryInput {
  const { action, actor, entity_type, entity_id, ip_address, objects = [], ...rest } = body;
  const { old_values, new_values, reason, metadata, ...fields } = rest;
  const entity = entityObject(entity_type, entity_id);
  const userId = auditIdOf(actor?.id);
  const parts: Record<(typeof AUDIT_PARTS)[number], unknown> = {
    actor,
    entity: entity === undefined ? undefined : { type: entity_type, id: entity_id },
    old_values,
    new_values,
    reason,
    metadata,
  };
  const data = Object.fromEntries(
    AUDIT_PARTS.filter((name) => parts[name] !== undefined).map((name) => [name, parts[name] as JsonValue]),
  );
  const all = entity === undefined ? objects : [entity, ...objects.filter((object) => object !== entity)];
  return {
    component: 'audit',
    message: action,
    event: action,
    ...fields,
    kind: 'log',
    level: 'AUDIT',
    ...(userId !== undefined && { user_id: userId }),
    ...(ip_address !== undefined && { client_ip: ip_address }),
    ...(all.length > 0 && { objects: all.slice(0, ENTRY_LIMITS.objects) }),
    data,
  };
}
