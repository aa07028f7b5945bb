import { hasRedisServer, type RunningEngine, TEST_ENGINES, type TestEngine } from '@tailrace/test-engines';
import { describe } from 'vitest';
import { dockerAbsence } from './docker-engine.js';

const IMAGES = ['redis:8', 'valkey/valkey:9'];

/** Why engines that Tailrace runs on cannot be started on this machine. */
const ABSENT: readonly { readonly name: string; readonly absence: string }[] = hasRedisServer
  ? []
  : [{ name: 'redis-server', absence: 'no redis-server on PATH' }];

const noDocker = await dockerAbsence();

/** Runs a suite once on each engine; where one is missing the suite is skipped and its title says why. */
export function describeOnEachEngine(title: string, suite: (engine: TestEngine) => void): void {
  for (const engine of TEST_ENGINES) describe(`${title}, on ${engine.name}`, () => suite(engine));
  for (const { name, absence } of ABSENT) skip(name, absence);
  for (const name of IMAGES) {
    const engine = { name, start: () => startContainer(name) };
    if (noDocker === undefined) describe(`${title}, on ${name}`, () => suite(engine));
    else skip(name, noDocker);
  }

  function skip(name: string, absence: string): void {
    const start = () => Promise.reject(new Error(absence));
    describe.skip(`${title}, on ${name} (skipped: ${absence})`, () => suite({ name, start }));
  }
}

async function startContainer(image: string): Promise<RunningEngine> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image)
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
    .start();
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    async stop() {
      await container.stop();
    },
  };
}
