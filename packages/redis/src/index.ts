export { shardTag } from './cluster/cluster-place.js';
export { EncodedCommand } from './encoded-command.js';
export { type Eviction, evictionOf, evictionWarning } from './eviction-policy.js';
export { QuietCommand } from './quiet-command.js';
export { type ConnectionEvents, RedisConnection } from './redis-connection.js';
export {
  isElsewhere,
  isLasting,
  isLastingRefusal,
  isReply,
  isStoreFull,
  isStoreUnavailable,
  MAX_REFUSALS,
  replyError,
} from './redis-error.js';
export { type RedisScript, redisScript, runScript } from './redis-script.js';
export { type RedisSetting, RedisTarget } from './redis-target.js';
export { parseRedisUrl, redactRedisUrl } from './redis-url.js';
export { openStore, openStores, type Store, type Stores, type Topology } from './store.js';
export { StoreError } from './store-error.js';
