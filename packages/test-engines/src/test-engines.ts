import { startEmbeddedEngine } from '@tailrace/embedded';
import { hasRedisServer, startRedisServer } from './redis-server.js';

/** An engine for tests. */
export interface TestEngine {
  readonly name: string;
  start(): Promise<RunningEngine>;
}

/** @see TestEngine */
export interface RunningEngine {
  readonly url: string;
  stop(): Promise<void>;
}

/** The embedded engine always, `redis-server` where one is on PATH. */
export const TEST_ENGINES: readonly TestEngine[] = [
  { name: 'embedded', start: () => startEmbeddedEngine() },
  ...(hasRedisServer ? [{ name: 'redis-server', start: () => startRedisServer() }] : []),
];
