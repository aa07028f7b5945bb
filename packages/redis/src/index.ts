export { EncodedCommand } from './encoded-command.js';
export { QuietCommand } from './quiet-command.js';
export { type ConnectionEvents, RedisConnection } from './redis-connection.js';
export { isLasting, isReply, isStoreUnavailable, MAX_REFUSALS } from './redis-error.js';
export { type RedisScript, redisScript, runScript } from './redis-script.js';
export { redactRedisUrl } from './redis-url.js';
export { openStore, type Store } from './store.js';
export { StoreError } from './store-error.js';
