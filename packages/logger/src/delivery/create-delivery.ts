import { Delivery } from './delivery.js';
import type { DeliveryParts } from './delivery-parts.js';
import type { RecordDestination } from './record-destination.js';
import { ShardedDelivery } from './sharded-delivery.js';
import { TwinDelivery } from './twin-delivery.js';

/** What delivers to the Redis of the options, one server or the shards of a cluster, and to their sink. */
export function createDelivery(parts: DeliveryParts): RecordDestination {
  const { options } = parts;
  const { sink } = options;
  if (sink === false) return toRedis(parts);
  if (sink.isAlone) return new Delivery({ ...parts, applyLevels: undefined, sink });
  // Entries are shown and put into a file once.
  const own = { ...options, console: false, auditFile: false } as const;
  const beside = new Delivery({ ...parts, options: own, applyLevels: undefined, sink });
  return new TwinDelivery(toRedis(parts), beside);
}

function toRedis(parts: DeliveryParts): RecordDestination {
  return parts.options.redis.clusterPlace === undefined ? new Delivery(parts) : new ShardedDelivery(parts);
}
