import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';

/**
 * Answers `/logs/levels`: the levels that lie over those of all running writers. GET shows the table, PUT sets it in place of
 * the one before, DELETE takes it away. Each replies the table as it is then.
 */
export function levelsHandlers({ levels }: Pick<GatewayDeps, 'levels'>) {
  return {
    'GET /logs/levels': () => levels.read(),
    'PUT /logs/levels': async ({ body }) => {
      await levels.write(body);
      return body;
    },
    'DELETE /logs/levels': async () => {
      await levels.remove();
      return { components: {} };
    },
  } satisfies Partial<Handlers>;
}
