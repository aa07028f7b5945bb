import { levelTableInputSchema } from '@tailrace/api';
import type { LevelTable } from '@tailrace/schema';
import type { Hono } from 'hono';
import type { z } from 'zod';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { GatewayDeps, GatewayEnv } from '../http/gateway-env.js';
import { readJsonBody } from '../http/json-body.js';
import { noParameters, parseQuery } from '../http/query/query-parameters.js';

/**
 * Adds `/logs/levels`: the levels that lie over those of all running writers. GET shows the table, PUT sets it in place of
 * the one before, DELETE takes it away. Each replies the table as it is then.
 */
export function addLevelsRoutes(app: Hono<GatewayEnv>, { levels }: Pick<GatewayDeps, 'levels'>): void {
  app.get('/logs/levels', async (c) => {
    parseQuery(noParameters, c.req.url);
    return c.json(await levels.read());
  });

  app.put('/logs/levels', async (c) => {
    parseQuery(noParameters, c.req.url);
    const table = parseTable(await readJsonBody(c.req.raw));
    await levels.write(table);
    return c.json(table);
  });

  app.delete('/logs/levels', async (c) => {
    parseQuery(noParameters, c.req.url);
    await levels.remove();
    return c.json({ components: {} } satisfies LevelTable);
  });
}

function parseTable(body: unknown): LevelTable {
  const parsed = levelTableInputSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  if (issue.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    throw new RequestError(
      'invalid_body',
      `${shownValue(name)} is no part of a table; allowed: default, components`,
    );
  }
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const place = issue.path.length === 0 ? 'the body' : shownValue(issue.path.join('.'));
  throw new RequestError('invalid_body', `${place}: ${message}`);
}
