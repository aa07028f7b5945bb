import { healthReplySchema } from '@tailrace/api';
import type { DemoConfig } from './config.js';
import { DemoError } from './demo-error.js';

/** Only what is needed, so that a gateway of another version is understood too. */
const healthSchema = healthReplySchema.pick({ embedded: true, redis_url: true }).required();
const REPLY_TIMEOUT_MS = 5_000;

/**
 * Where the logger writes: `REDIS_URL`, else the embedded engine of the gateway at `TAILRACE_URL`.
 *
 * @throws DemoError when no gateway answers, or its Redis has to be named.
 */
export async function findRedisUrl({
  redisUrl,
  gatewayUrl,
}: Pick<DemoConfig, 'redisUrl' | 'gatewayUrl'>): Promise<string> {
  if (redisUrl !== undefined) return redisUrl;
  const health = healthSchema.safeParse(await readHealth(gatewayUrl));
  if (!health.success) {
    throw new DemoError(`what answers at ${gatewayUrl} is no Tailrace gateway; set TAILRACE_URL`);
  }
  if (health.data.redis_url !== null) return health.data.redis_url;
  throw new DemoError(
    `the gateway at ${gatewayUrl} uses a Redis of yours; set REDIS_URL to the same as for the gateway`,
  );
}

/** @returns the body, `undefined` when it is no JSON. */
async function readHealth(gatewayUrl: string): Promise<unknown> {
  let text: string;
  try {
    const response = await fetch(`${gatewayUrl}/health`, { signal: AbortSignal.timeout(REPLY_TIMEOUT_MS) });
    text = await response.text();
  } catch (cause) {
    const message = `no gateway answers at ${gatewayUrl}; start it first with: npx -y pnpm@10 start`;
    throw new DemoError(message, { cause });
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
