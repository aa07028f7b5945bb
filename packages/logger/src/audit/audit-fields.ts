import { type AuditActor, type AuditEntity, auditIdOf, entityObject } from '@tailrace/schema';
import type { LogFields } from '@tailrace/writer';

/**
 * What an audit entry says besides the fields every call has. The parts stay in its `data` as they are given, redacted
 * and bounded like all data. (Spec 002, `AuditEntry`.)
 */
export interface AuditFields extends LogFields {
  /** Its `id` is the entry's `user_id`, unless the call gives one. */
  readonly actor?: AuditActor | undefined;
  /** `type:id` is the first of the entry's `objects`, so that it is found for as long as audit entries are kept. */
  readonly entity?: AuditEntity | undefined;
  /** Values before, by name. */
  readonly old_values?: object | undefined;
  /** Values after, by name. */
  readonly new_values?: object | undefined;
  readonly reason?: string | undefined;
  readonly metadata?: object | undefined;
  /** The name spec 002 has for `client_ip`. */
  readonly ip_address?: string | undefined;
}

/**
 * The fields of an audit call with what is looked up made of its parts: `event` of the action, `user_id` of the actor, `objects`
 * with the entity, `client_ip` of `ip_address`. A field the call gives itself wins.
 *
 * @returns the same object where there is neither actor nor entity, or where reading them fails; never throws.
 */
export function readAuditFields(action: unknown, fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null) return fields;
  try {
    const given = fields as AuditFields;
    const { actor, entity } = given;
    const actorId = isRecord(actor) ? auditIdOf(actor.id) : undefined;
    const entityName = isRecord(entity) ? entityObject(entity.type, entity.id) : undefined;
    if (actorId === undefined && entityName === undefined) return fields;
    return withParts(action, given, actorId, entityName);
  } catch {
    return fields;
  }
}

function withParts(
  action: unknown,
  given: AuditFields,
  actorId: string | undefined,
  entityName: string | undefined,
): LogFields {
  const { ip_address, ...fields } = given;
  const event = fields.event ?? (typeof action === 'string' ? action : undefined);
  const userId = fields.user_id ?? fields.userId ?? actorId;
  const clientIp = fields.client_ip ?? fields.clientIp ?? ip_address;
  return {
    ...fields,
    ...(event === undefined ? {} : { event }),
    ...(userId === undefined ? {} : { user_id: userId }),
    ...(clientIp === undefined ? {} : { client_ip: clientIp }),
    ...(entityName === undefined ? {} : { objects: objectsWith(entityName, fields.objects) }),
  };
}

/** The entity comes first, so that it stays where there are more objects than an entry may have. */
function objectsWith(entityName: string, objects: unknown): readonly string[] {
  if (!Array.isArray(objects)) return [entityName];
  return [entityName, ...objects.filter((object) => object !== entityName)];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
