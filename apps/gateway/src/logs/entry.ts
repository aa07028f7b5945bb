import { toEntryReply } from '@tailrace/schema';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps } from '../http/gateway-env.js';

/** Answers `GET /logs/entry/{id}`. */
export function entryHandlers({ reader }: GatewayDeps) {
  return {
    'GET /logs/entry/{id}': async ({ path: { id } }) => {
      const entry = await reader.entry(id);
      if (entry !== undefined) return { entry: toEntryReply(entry) };
      throw new RequestError('not_found', `there is no entry ${shownValue(id)}; it may have expired`, 'id');
    },
  } satisfies Partial<Handlers>;
}
