import type { HealthReply } from '@tailrace/schema';
import type { Hono } from 'hono';
import type { GatewayDeps, GatewayEnv } from './gateway-env.js';

/** Adds `GET /health`: 200 when the engine answers, else 503. */
export function addHealthRoute(
  app: Hono<GatewayEnv>,
  { engine, version, now = Date.now }: GatewayDeps,
): void {
  const started = now();
  app.get('/health', async (c) => {
    const isUp = await engine.ping().then(
      () => true,
      () => false,
    );
    const reply: HealthReply = {
      status: isUp ? 'ok' : 'unavailable',
      version,
      engine: engine.name,
      embedded: engine.embedded,
      redis_url: engine.redisUrl,
      uptime_s: Math.round((now() - started) / 1000),
    };
    return c.json(reply, isUp ? 200 : 503);
  });
}
