import type { CostReply } from '@tailrace/api';
import type { RedisCost } from '@tailrace/query';
import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { archiveCost } from './archive-cost.js';

/** How long the same is replied: an overview asks every 30 seconds, and several may be open. */
const KEPT_MS = 30_000;

/** Answers `GET /logs/cost`: what logs take in Redis and in the archive. Those who ask at once share one measurement. */
export function costHandlers({
  redisCost,
  archive,
  closing,
  now = Date.now,
}: Pick<GatewayDeps, 'redisCost' | 'archive' | 'closing' | 'now'>) {
  let measuring: Promise<CostReply> | undefined;
  let measuredAt = Number.NEGATIVE_INFINITY;

  async function measure(): Promise<CostReply> {
    const cost = await redisCost({ signal: closing });
    return {
      measured_at: new Date(now()).toISOString(),
      redis: shownRedis(cost),
      archive:
        archive === undefined ? null : await archiveCost({ archive, redis: cost, now: now(), closing }),
    };
  }

  return {
    'GET /logs/cost': async () => {
      if (measuring === undefined || now() - measuredAt >= KEPT_MS) {
        measuredAt = now();
        const started = measure();
        measuring = started;
        started.catch(() => {
          if (measuring === started) measuring = undefined;
        });
      }
      return measuring;
    },
  } satisfies Partial<Handlers>;
}

function shownRedis({ growth, usedBytes, maxBytes, ...cost }: RedisCost): CostReply['redis'] {
  return {
    entries: cost.entries,
    bytes: cost.bytes,
    sampled: cost.sampled,
    parts: [...cost.parts],
    components: [...cost.components],
    classes: [...cost.classes],
    used_bytes: usedBytes,
    max_bytes: maxBytes,
    bytes_per_day: growth.bytesPerDay,
    measured_s: Math.round(growth.measuredMs / 1_000),
    days_left: growth.daysLeft,
    days_left_reason: growth.reason,
  };
}
