import { allows, type HealthReply, type ReadyReply } from '@tailrace/api';
import type { Writer } from '@tailrace/query';
import { clientAddress } from './auth/client-address.js';
import type { Handlers } from './endpoints/handler.js';
import type { GatewayContext, GatewayDeps } from './gateway-env.js';
import { isLoopback } from './loopback.js';

/** A clock that is off by less is as good as others, in milliseconds. */
const TOLD_SKEW_MS = 1_000;

/**
 * Answers `GET /health`: 200 when the engine answers, else 503, and more to whoever may read. And `GET /health/ready`, the
 * same for a load balancer: it also turns to 503 when the gateway begins to close.
 */
export function healthHandlers({ engine, delivery, archive, version, closing, now = Date.now }: GatewayDeps) {
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
            ...(isUp && (await troubleOf(engine, delivery))),
          }
        : { status };
      return c.json(reply, isUp ? 200 : 503);
    },

    'GET /health/ready': async ({ c }) => {
      const ready = !closing.aborted && (await answers());
      const trouble = archive && { archive: mayRead(c) ? archive.status().trouble : null };
      return c.json({ ready, ...trouble } satisfies ReadyReply, ready ? 200 : 503);
    },
  } satisfies Partial<Handlers>;
}

/** What an operator should know although everything answers. */
async function troubleOf(
  engine: GatewayDeps['engine'],
  delivery: GatewayDeps['delivery'],
): Promise<Pick<HealthReply, 'eviction' | 'writers' | 'topology'>> {
  // Health says what it can: a key in the way, or a right that is missing, has its own error where it is asked for.
  const [eviction, topology, writers] = await Promise.all([
    engine.eviction().catch(() => undefined),
    engine.topology?.(),
    delivery().then(
      (report) => report.writers,
      () => undefined,
    ),
  ]);
  return {
    eviction: eviction === undefined ? null : { policy: eviction.policy, max_bytes: eviction.maxBytes },
    ...(topology !== undefined && {
      topology: { ...topology, nodes: [...topology.nodes], away: [...topology.away] },
    }),
    ...(writers !== undefined && { writers: writers.filter(isTroubled).map(shownWriter) }),
  };
}

function isTroubled({ skewMs, indexFailed }: Writer): boolean {
  return indexFailed > 0 || Math.abs(skewMs ?? 0) >= TOLD_SKEW_MS;
}

function shownWriter({ id, host, pid, skewMs, indexFailed }: Writer) {
  return { id, host, pid, skew_ms: skewMs, index_failed: indexFailed };
}

function mayRead(c: GatewayContext): boolean {
  return allows(c.get('scopes'), 'read');
}
