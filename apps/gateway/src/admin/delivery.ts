import type { DeliveryReply } from '@tailrace/api';
import type { DeliveryReport } from '@tailrace/query';
import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';

/** Answers `GET /logs/delivery`: what became of the entries of every writer of the last 7 days. */
export function deliveryHandlers({ delivery }: Pick<GatewayDeps, 'delivery'>) {
  return {
    'GET /logs/delivery': async () => shownDelivery(await delivery()),
  } satisfies Partial<Handlers>;
}

function shownDelivery({ writers, totals, count }: DeliveryReport): DeliveryReply {
  return {
    writers: writers.map(({ id, host, pid, started, lastSeen, skewMs, indexFailed, ...account }) => ({
      id,
      host,
      pid,
      started: started === null ? null : timeText(started),
      last_seen: timeText(lastSeen),
      skew_ms: skewMs,
      index_failed: indexFailed,
      ...account,
    })),
    totals: { writers: count, ...totals },
    partial: count > writers.length,
  };
}

function timeText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
