import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import type { RunningEngine, TestEngine } from './test-engines.js';

/** The engine of a `describe` block. It runs from the first `beforeAll` on: to read `url` or `redis` earlier throws. */
export interface SuiteEngine {
  readonly url: string;
  /** One connection, shared by the tests of the block. */
  readonly redis: Redis;
  /** A key prefix for one test, such as `t1:`. */
  newKeyPrefix(): string;
}

/** Starts an engine for the `describe` block this is called in, connects to it, and ends both after its tests. */
export function useEngine(start: TestEngine['start']): SuiteEngine {
  let engine: RunningEngine | undefined;
  let redis: Redis | undefined;
  let prefixes = 0;

  beforeAll(async () => {
    engine = await start();
    redis = new Redis(engine.url);
  });
  afterAll(async () => {
    redis?.disconnect();
    await engine?.stop();
  });

  return {
    get url() {
      return running(engine).url;
    },
    get redis() {
      return running(redis);
    },
    newKeyPrefix: () => `t${++prefixes}:`,
  };
}

function running<T>(started: T | undefined): T {
  if (started === undefined) throw new Error('the engine is there in tests and in hooks, not before');
  return started;
}
