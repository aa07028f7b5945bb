// What is known of Redis without its client, for those who load the client when they need it.
export { shardTag } from './cluster/cluster-place.js';
export {
  isElsewhere,
  isLasting,
  isLastingRefusal,
  isReply,
  isStoreUnavailable,
  MAX_REFUSALS,
  replyError,
} from './redis-error.js';
export { type RedisScript, redisScript } from './redis-script.js';
export { type RedisSetting, RedisTarget } from './redis-target.js';
