import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@tailrace/logger/internal';
import { hasRedisServer, type RedisServer, startRedisServer } from '@tailrace/test-engines';
import { expect, onTestFinished } from 'vitest';
import { connectTo, readStream } from './testing/stored-keys.js';
import { testUnless } from './testing/test-unless.js';

testUnless(hasRedisServer ? undefined : 'no redis-server on PATH')(
  'a logger finds the new primary behind a name when the old one, still up, has become a replica',
  async () => {
    const [old, next] = [await start(), await start()];
    const name = await movingName(old);
    const spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-e2e-'));
    const logger = new Logger({ redis: name.url, spoolDir, onError: () => {} });
    onTestFinished(async () => {
      await logger.close(0);
      await rm(spoolDir, { recursive: true });
    });
    logger.log('INFO', 'before');
    await logger.flush();
    const [demoted, promoted] = [connectTo(old.url), connectTo(next.url)];
    onTestFinished(() => {
      demoted.disconnect();
      promoted.disconnect();
    });
    await demoted.replicaof('127.0.0.1', next.port);
    name.leadTo(next);
    logger.log('INFO', 'after');
    await expect.poll(() => logger.stats(), { timeout: 10_000 }).toMatchObject({ written: 2, spooled: 0 });
    const messages = (await readStream(promoted, 'stream:requests')).map(({ message }) => message);
    expect(messages).toEqual(['after']);
  },
);

async function start(): Promise<RedisServer> {
  const server = await startRedisServer();
  onTestFinished(() => server.stop());
  return server;
}

/** A name as a proxy or DNS has it: new connections go where it leads now, those there are stay. */
async function movingName(first: RedisServer) {
  let { port } = first;
  const proxy = createServer((client) => {
    const redis = connect(port, '127.0.0.1');
    client.pipe(redis).pipe(client);
    client.on('error', () => {}).on('close', () => redis.destroy());
    redis.on('error', () => {}).on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  return {
    url: `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    leadTo(next: RedisServer) {
      ({ port } = next);
    },
  };
}
