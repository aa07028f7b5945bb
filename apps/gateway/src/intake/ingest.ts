import type { IngestReply } from '@tailrace/api';
import type { EntryInput } from '@tailrace/schema';
import type { EntryWriter } from '@tailrace/writer';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { ingestLines } from './log-lines.js';

/** Answers `POST /logs`: stores one entry or several, or the lines of a log. */
export function ingestHandlers({ writer }: Pick<GatewayDeps, 'writer'>) {
  return {
    'POST /logs': async ({ c, body: entries, isList, bytes }) => {
      if (bytes !== undefined) return ingestLines(c.req.raw, bytes, writer);
      return storeEntries(writer, entries, isList);
    },
  } satisfies Partial<Handlers>;
}

/**
 * Stores entries, and says what became of each.
 *
 * @param isList whether they came as a list: a single one that is refused refuses the request
 * @throws RequestError when the only one is refused.
 */
export async function storeEntries(
  writer: EntryWriter,
  entries: readonly EntryInput[],
  isList: boolean,
): Promise<IngestReply> {
  const results = await writer.write(entries);
  const refused: IngestReply['refused'] = [];
  results.forEach((result, index) => {
    if (!('refused' in result)) return;
    if (!isList) throw new RequestError(result.refused.code, result.refused.message, 'timestamp');
    refused.push({ index, ...result.refused });
  });
  const ids = results.map((result) => ('id' in result ? result.id : null));
  return { accepted: ids.length - refused.length, ids, refused };
}
