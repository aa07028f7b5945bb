// Which Redis is meant, for those who load the client when they need it.
export { type RedisSetting, RedisTarget } from './redis-target.js';
