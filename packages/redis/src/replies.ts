// What replies and errors mean and how scripts are named, for those who load the client when they need it.
export { isElsewhere, isLasting, isReply, isStoreUnavailable, MAX_REFUSALS } from './redis-error.js';
export { type RedisScript, redisScript } from './redis-script.js';
