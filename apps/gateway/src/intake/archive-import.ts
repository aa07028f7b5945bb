import type { IngestReply } from '@tailrace/api';
import { ArchiveClassError } from '@tailrace/archive';
import { type EntryInput, MAX_FUTURE_MS } from '@tailrace/schema';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import type { GatewayDeps } from '../http/gateway-env.js';

/** Answers `POST /logs/archive`: seals entries of any age at once. What it replies is on disk. */
export function archiveImportHandlers({ archive, archivedEntries, now = Date.now }: GatewayDeps) {
  return {
    'POST /logs/archive': async ({ query, body }): Promise<IngestReply> => {
      if (archive === undefined || archivedEntries === undefined) {
        const message =
          'there is no archive to import into; DATA_DIR names its folder, and DuckDB must be there';
        throw new RequestError('not_found', message);
      }
      const refused: IngestReply['refused'] = [];
      const taken: number[] = [];
      const limit = now() + MAX_FUTURE_MS;
      for (const [index, { timestamp = 0 }] of body.entries()) {
        if (timestamp <= limit) taken.push(index);
        else {
          const message = `timestamp ${timestamp} is more than a day ahead`;
          refused.push({ index, code: 'entry_in_future', message });
        }
      }
      const entries = archivedEntries(taken.map((index) => body[index] as EntryInput));
      try {
        await archive.import(entries, { name: query.class, days: query.days });
      } catch (error) {
        if (!(error instanceof ArchiveClassError)) throw error;
        throw new RequestError('invalid_parameter', error.message, 'class', { cause: error });
      }
      const ids: (string | null)[] = body.map(() => null);
      for (const [place, index] of taken.entries()) ids[index] = entries[place]?.id ?? null;
      return { accepted: entries.length, ids, refused };
    },
  } satisfies Partial<Handlers>;
}
