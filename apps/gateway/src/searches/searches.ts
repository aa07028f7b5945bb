import { MAX_SEARCH_NAME, type SearchesReply } from '@tailrace/api';
import { MAX_SAVED_SEARCHES, type SavedSearches } from '@tailrace/query';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps } from '../http/gateway-env.js';

/** Answers `/logs/searches`: views of the console with names. Each replies all there are then. */
export function searchesHandlers({ searches, now = Date.now }: Pick<GatewayDeps, 'searches' | 'now'>) {
  return {
    'GET /logs/searches': () => shownSearches(searches),
    'PUT /logs/searches/{name}': async ({ path, body }) => {
      const name = checkedName(path.name);
      if (!(await searches.save({ name, query: body.query, savedAt: now() }))) {
        throw new RequestError(
          'invalid_parameter',
          `there are ${MAX_SAVED_SEARCHES} saved searches already, which is as many as there may be; remove one first`,
          'name',
        );
      }
      return shownSearches(searches);
    },
    'DELETE /logs/searches/{name}': async ({ path }) => {
      await searches.remove(path.name);
      return shownSearches(searches);
    },
  } satisfies Partial<Handlers>;
}

async function shownSearches(searches: SavedSearches): Promise<SearchesReply> {
  const all = await searches.list();
  return {
    searches: all.map(({ name, query, savedAt }) => ({
      name,
      query,
      saved_at: new Date(savedAt).toISOString(),
    })),
  };
}

/** @throws RequestError when it is empty, too long, or holds what hides */
function checkedName(given: string): string {
  const name = given.trim();
  if (name !== '' && name.length <= MAX_SEARCH_NAME && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return name;
  throw new RequestError(
    'invalid_parameter',
    `name is ${shownValue(given)}; allowed: 1 to ${MAX_SEARCH_NAME} characters, without control characters`,
    'name',
  );
}
