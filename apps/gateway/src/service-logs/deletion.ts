import type { Entry } from '@tailrace/schema';
import { auditInput } from '../audit/audit-input.js';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayContext, GatewayDeps } from '../http/gateway-env.js';

/** Answers `DELETE /api/logs/{id}`, which is told in the audit trail before it happens, and `POST /api/logs/{id}/restore`. */
export function deletionHandlers({ reader, senderIds, deletion, writer }: GatewayDeps) {
  return {
    'DELETE /api/logs/{id}': async ({ c, path: { id: given }, query: { reason } }) => {
      const entry = (await reader.entry(given)) ?? (await sentAs(given));
      if (entry === undefined)
        throw new RequestError(
          'not_found',
          `there is no log ${shownValue(given)}; it may have expired`,
          'id',
        );
      if (entry.level === 'AUDIT') {
        const message = 'an entry of level AUDIT is not deleted one by one; allowed: any other level';
        throw new RequestError('conflict', message, 'id');
      }
      const audit = await tell(c, 'log.delete', entry.id, reason);
      await deletion.remove(entry);
      return { deleted: entry.id, audit };
    },

    'POST /api/logs/{id}/restore': async ({ c, path: { id: given }, query: { reason } }) => {
      for (const id of [given, await senderIds.entryId(given)]) {
        if (id !== undefined && (await deletion.restore(id)))
          return { restored: id, audit: await tell(c, 'log.restore', id, reason) };
      }
      throw new RequestError('not_found', `there is no deleted log ${shownValue(given)}`, 'id');
    },
  } satisfies Partial<Handlers>;

  async function sentAs(ownId: string): Promise<Entry | undefined> {
    const id = await senderIds.entryId(ownId);
    return id === undefined ? undefined : reader.entry(id);
  }

  /** @returns the id of the audit entry. @throws RequestError where it is not stored: nothing happens untold */
  async function tell(c: GatewayContext, action: string, id: string, reason: string | undefined) {
    const name = c.get('tokenName');
    const [result] = await writer.write([
      auditInput({
        action,
        ...(name !== undefined && { actor: { type: 'token', id: name } }),
        entity_type: 'log',
        entity_id: id,
        ...(reason !== undefined && { reason }),
      }),
    ]);
    if (result !== undefined && 'id' in result) return result.id;
    throw new RequestError('rejected', 'the audit trail cannot be written now, so nothing was deleted');
  }
}
