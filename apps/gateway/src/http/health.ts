import { allows, type HealthReply, type ReadyReply } from '@tailrace/api';
import { clientAddress } from './auth/client-address.js';
import type { Handlers } from './endpoints/handler.js';
import type { GatewayContext, GatewayDeps } from './gateway-env.js';
import { isLoopback } from './loopback.js';

/**
 * Answers `GET /health`: 200 when the engine answers, else 503, and more to whoever may read. And `GET /health/ready`, the
 * same for a load balancer: it also turns to 503 when the gateway begins to close.
 */
export function healthHandlers({ engine, version, closing, now = Date.now }: GatewayDeps) {
  const started = now();
  const answers = () =>
    engine.ping().then(
      () => true,
      () => false,
    );

  return {
    'GET /health': async ({ c }) => {
      const isUp = await answers();
      const status = isUp ? 'ok' : 'unavailable';
      const isHere = isLoopback(clientAddress(c, () => false));
      const reply: HealthReply = mayRead(c)
        ? {
            status,
            version,
            engine: engine.name,
            embedded: engine.embedded,
            redis_url: isHere ? engine.redisUrl : null,
            uptime_s: Math.round((now() - started) / 1000),
          }
        : { status };
      return c.json(reply, isUp ? 200 : 503);
    },

    'GET /health/ready': async ({ c }) => {
      const ready = !closing.aborted && (await answers());
      return c.json({ ready } satisfies ReadyReply, ready ? 200 : 503);
    },
  } satisfies Partial<Handlers>;
}

function mayRead(c: GatewayContext): boolean {
  return allows(c.get('scopes'), 'read');
}
