export {
  hasRedisCluster,
  type RedisCluster,
  type RedisClusterOptions,
  startRedisCluster,
} from './redis-cluster.js';
export {
  hasRedisServer,
  type RedisServer,
  type RedisServerOptions,
  startRedisServer,
} from './redis-server.js';
export { type SuiteEngine, useEngine } from './suite-engine.js';
export { type RunningEngine, TEST_ENGINES, type TestEngine } from './test-engines.js';
