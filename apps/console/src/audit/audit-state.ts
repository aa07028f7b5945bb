import { client } from '../state/api.js';

export const AUDIT_PARTS = [
  ['entries', 'Entries'],
  ['history', 'History'],
  ['breakglass', 'Breakglass'],
] as const;

export type AuditReply = Awaited<ReturnType<typeof client.ask<'GET /api/audit/{id}'>>>;
export type AuditEntry = AuditReply['audit'];
export type Actor = AuditEntry['actor'];

/** One audit entry, in its parts and as it is stored. */
export function askOne(id: string, call: { readonly signal: AbortSignal }): Promise<AuditReply> {
  return client.ask('GET /api/audit/{id}', { path: { id }, ...call });
}

/** Who did it, in one text. */
export function actorText(actor: Actor): string {
  if (actor === null) return 'nobody named';
  const { type, id, name } = actor;
  const shown = [name, id].find((one) => typeof one === 'string' || typeof one === 'number');
  return shown === undefined ? String(type ?? 'nobody named') : String(shown);
}

/** `user:42`, `undefined` where an entry is about none. */
export function entityText({
  entity_type: type,
  entity_id: id,
}: Pick<AuditEntry, 'entity_type' | 'entity_id'>): string | undefined {
  return type === null || id === null ? undefined : `${type}:${id}`;
}

/** The type and id of `user:42`; `undefined` for another text. */
export function entityOf(
  text: string | undefined,
): { readonly type: string; readonly id: string } | undefined {
  const [, type, id] = /^([^:]+):(.+)$/s.exec(text?.trim() ?? '') ?? [];
  return type === undefined || id === undefined ? undefined : { type, id };
}
