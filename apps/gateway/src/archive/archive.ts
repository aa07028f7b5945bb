import type { ArchiveReply, ArchiveVerifyReply } from '@tailrace/api';
import type { ArchiveStatus } from '@tailrace/archive';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import type { GatewayDeps } from '../http/gateway-env.js';

/** Answers `/logs/archive`: what is sealed, and whether it still is what was sealed. */
export function archiveHandlers({ archive }: GatewayDeps) {
  return {
    'GET /logs/archive': async () => shownStatus(archive?.status()),

    'GET /logs/archive/verify': async ({ c }): Promise<ArchiveVerifyReply> => {
      if (archive === undefined)
        throw new RequestError('not_found', 'there is no archive; DATA_DIR names its folder');
      const { files, entries, damaged } = await archive.verify(c.req.raw.signal);
      return { files, entries, damaged: [...damaged] };
    },
  } satisfies Partial<Handlers>;
}

function shownStatus(status: ArchiveStatus | undefined): ArchiveReply {
  if (status === undefined) return { archive: null };
  const { folder, archive, generation, files, entries, bytes, unsealed, lack, trouble, erasing } = status;
  const timeOf = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  return {
    archive: {
      id: archive,
      folder,
      generation,
      files,
      entries,
      bytes,
      newest_sealed: timeOf(status.newest),
      unsealed,
      redis_from: status.hotFrom === 0 ? null : timeOf(status.hotFrom),
      erasing,
      lack,
      trouble,
      days: status.days.map(({ retention, ...day }) => ({ class: retention, ...day })),
    },
  };
}
