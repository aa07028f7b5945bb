import { OWN_ID_FIELD } from '@tailrace/api';
import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { ingestReply } from './ingest-reply.js';
import { ingestLines } from './log-lines.js';
import { createWriteOnce, type SentEntry } from './write-once.js';

/** Answers `POST /logs`: stores one entry or several, or the lines of a log. */
export function ingestHandlers(deps: Pick<GatewayDeps, 'writer' | 'senderIds'>) {
  const writeOnce = createWriteOnce(deps);
  return {
    'POST /logs': async ({ c, body, isList, bytes }) => {
      if (bytes !== undefined) return ingestLines(c.req.raw, bytes, writeOnce);
      const sent = body.map(({ id, ...entry }): SentEntry => {
        if (id === undefined) return { entry };
        return { entry: { ...entry, data: { ...entry.data, [OWN_ID_FIELD]: id } }, ownId: id };
      });
      return ingestReply(await writeOnce(c.req.raw, () => JSON.stringify(body), sent), isList);
    },
  } satisfies Partial<Handlers>;
}
