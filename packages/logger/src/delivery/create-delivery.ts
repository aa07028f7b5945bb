import { Delivery } from './delivery.js';
import type { DeliveryParts } from './delivery-parts.js';
import type { RecordDestination } from './record-destination.js';
import { ShardedDelivery } from './sharded-delivery.js';

/** What delivers to the Redis of the options: one server, or the shards of a cluster. */
export function createDelivery(parts: DeliveryParts): RecordDestination {
  return parts.options.redis.clusterPlace === undefined ? new Delivery(parts) : new ShardedDelivery(parts);
}
