import { type EmbeddedEngine, startEmbeddedEngine } from '@tailrace/embedded';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';

const started: EmbeddedEngine[] = [];
const clients: Redis[] = [];

async function start(...options: Parameters<typeof startEmbeddedEngine>): Promise<EmbeddedEngine> {
  const engine = await startEmbeddedEngine(...options);
  started.push(engine);
  return engine;
}

function client(engine: EmbeddedEngine): Redis {
  const redis = new Redis(engine.url, { retryStrategy: () => null });
  redis.on('error', () => {});
  clients.push(redis);
  return redis;
}

afterEach(async () => {
  for (const redis of clients.splice(0)) redis.disconnect();
  await Promise.all(started.splice(0).map((engine) => engine.stop()));
});

describe('startEmbeddedEngine()', () => {
  it('resolves with an engine that answers, on a free port of its own each time', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    expect(first.port).not.toBe(second.port);
    expect(first.url).toBe(`redis://127.0.0.1:${first.port}`);
    await client(first).set('key', 'first');
    expect(await client(second).get('key')).toBeNull();
  });

  it('says the version and the port that INFO says', async () => {
    const engine = await start();
    const info = await client(engine).info('server');
    expect(info).toContain(`valkey_version:${engine.version}\r\n`);
    expect(info).toContain(`tcp_port:${engine.port}\r\n`);
  });

  it('applies the settings Tailrace wants, and keeps nothing on disk', async () => {
    const redis = client(await start({ maxMemoryBytes: 64 * 1024 * 1024 }));
    const wanted = {
      'hash-max-listpack-value': '1024',
      maxmemory: String(64 * 1024 * 1024),
      'maxmemory-policy': 'noeviction',
      save: '',
      appendonly: 'no',
    };
    const pairs = await redis.call('CONFIG', 'GET', ...Object.keys(wanted));
    const entries = (pairs as string[]).flatMap((name, at, all) =>
      at % 2 === 0 ? [[name, all[at + 1]]] : [],
    );
    expect(Object.fromEntries(entries)).toEqual(wanted);
  });

  it.each(['127.0.0.5', 'localhost'])('listens on the loopback host %s', async (host) => {
    const engine = await start({ host });
    expect(await client(engine).ping()).toBe('PONG');
  });

  it('rejects with host and port when the port is taken', async () => {
    const { port } = await start();
    const error = await start({ port }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'EngineStartError', code: 'port_unavailable' });
    expect((error as Error).message).toContain(`127.0.0.1 port ${port}: `);
    expect((error as Error).message).toContain('EADDRINUSE');
  });

  it('rejects when the engine is not ready in time', async () => {
    await expect(start({ startTimeoutMs: 1 })).rejects.toMatchObject({ code: 'start_timeout' });
  });

  it('rejects an option out of range', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toThrow(RangeError);
  });
});

describe('EmbeddedEngine', () => {
  it('stop() waits until the process is gone, and may be called again', async () => {
    const engine = await start();
    await Promise.all([engine.stop(), engine.stop()]);
    expect(() => process.kill(engine.pid, 0)).toThrow('ESRCH');
    await engine.stop();
    expect(await engine.exited).toMatchObject({ code: 0, signal: null });
  });

  it('exited resolves when somebody else kills the engine, and stop() still works', async () => {
    const engine = await start();
    process.kill(engine.pid, 'SIGKILL');
    expect(await engine.exited).toMatchObject({ code: null, signal: 'SIGKILL' });
    await engine.stop();
  });

  it('exited resolves when a client shuts the engine down', async () => {
    const engine = await start();
    await client(engine)
      .call('SHUTDOWN', 'NOSAVE')
      .catch(() => {});
    expect(await engine.exited).toMatchObject({ code: 0, signal: null });
  });

  it('goes on serving after SIGINT, SIGTERM and SIGHUP, which are for its parent', async () => {
    const engine = await start();
    const redis = client(engine);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.kill(engine.pid, signal);
      expect(await redis.ping()).toBe('PONG');
    }
  });

  it('answers writes with OOM when it is full, and goes on reading', async () => {
    const redis = client(await start({ maxMemoryBytes: 8 * 1024 * 1024 }));
    const value = 'x'.repeat(1024 * 1024);
    const writes = await Promise.allSettled(
      Array.from({ length: 32 }, (_, n) => redis.set(`key:${n}`, value)),
    );
    const refused = writes.filter((write) => write.status === 'rejected');
    expect(refused.length).toBeGreaterThan(20);
    expect(refused[0]?.reason.message).toMatch(/^OOM/);
    expect(await redis.get('key:0')).toBe(value);
    expect(await redis.del('key:0')).toBe(1);
  });
});
