import type { IngestReply } from '@tailrace/api';
import type { WriteResult } from '@tailrace/writer';
import { RequestError } from '../http/errors/request-error.js';

/**
 * What is replied to who sent entries.
 *
 * @throws RequestError when the only entry, sent by itself, is refused.
 */
export function ingestReply(results: readonly WriteResult[], isList: boolean): IngestReply {
  const refused: IngestReply['refused'] = [];
  results.forEach((result, index) => {
    if (!('refused' in result)) return;
    if (!isList) throw new RequestError(result.refused.code, result.refused.message, 'timestamp');
    refused.push({ index, ...result.refused });
  });
  const ids = results.map((result) => ('id' in result ? result.id : null));
  return { accepted: ids.length - refused.length, ids, refused };
}
