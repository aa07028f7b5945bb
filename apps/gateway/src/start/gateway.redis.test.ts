import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { entryReplySchema, healthReplySchema, logsReplySchema, testReplySchema } from '@tailrace/api';
import { STORAGE_VERSION } from '@tailrace/schema';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, readConfig, startGateway } from '../index.js';
import { bannerOf } from './banner.js';

const ENGINES = [
  { name: 'embedded', start: async () => ({ url: '', stop: async () => {} }) },
  ...(hasRedisServer ? [{ name: 'redis-server', start: () => startRedisServer() }] : []),
];

describe.each(ENGINES)('on $name', ({ start }) => {
  let engine: Awaited<ReturnType<typeof start>>;
  let gateway: Gateway;

  beforeAll(async () => {
    engine = await start();
    gateway = await startGateway(
      readConfig({ PORT: '0', ENGINE_PORT: '0', DATA_DIR: '', REDIS_URL: engine.url, KEY_PREFIX: 'gw:' }),
      () => {},
    );
  });
  afterAll(async () => {
    await gateway.close();
    await engine.stop();
  });

  const get = async (path: string) => logsReplySchema.parse(await (await fetch(gateway.url + path)).json());
  const post = (path: string, body?: string) =>
    fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });

  test('POST /logs/test writes an entry and reads it back', async () => {
    const reply = testReplySchema.parse(await (await post('/logs/test')).json());
    expect(reply.ok).toBe(true);
    const found = (await (
      await fetch(`${gateway.url}/logs/entry/${encodeURIComponent(reply.id)}`)
    ).json()) as object;
    expect(found).toMatchObject({ entry: { id: reply.id, event: 'tailrace.test' } });
  });

  test('what is posted is found oldest to newest, page by page', async () => {
    const timestamp = Date.now();
    const entries = Array.from({ length: 250 }, (_, i) => ({
      timestamp,
      method: 'GET',
      path: `/p/${i}`,
      client_ip: '198.51.100.7',
      status_code: i % 10 === 0 ? 500 : 200,
    }));
    const reply = (await (await post('/logs', JSON.stringify(entries))).json()) as { ids: string[] };
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await get(`/logs/ip/198.51.100.7?limit=100${cursor && `&cursor=${cursor}`}`);
      expect(page.total).toBe(250);
      seen.unshift(...page.logs.map(({ id }) => id));
      cursor = page.next_cursor ?? '';
    } while (cursor !== '');
    expect(seen).toEqual(reply.ids);
    expect((await get('/logs/errors?ip=198.51.100.7')).count).toBe(25);
    expect((await get('/logs/search?q=p/24&status=200')).count).toBe(10);
  });

  test('what is odd is stored as far as it can be', async () => {
    const odd = {
      component: 'odd',
      message: `NUL \0, half \ud800, ${'x'.repeat(1 << 20)}`,
      extra: { nested: { deep: [1, { a: null }] } },
      ...Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i])),
    };
    expect((await post('/logs', JSON.stringify(odd))).status).toBe(200);
    const [entry] = (await get('/logs?component=odd')).logs;
    expect(entry?.message.startsWith('NUL \0, half \ufffd, xxx')).toBe(true);
    expect(entry?.truncated).toEqual(expect.arrayContaining(['message', 'data']));
    expect(entry?.data).toMatchObject({ extra: { nested: { deep: [1, { a: null }] } }, f0: 0 });
  });

  test('a body of 50 MB is a 413 that the client gets to read', async () => {
    const response = await post('/logs', ' '.repeat(50 << 20));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'body_too_large' } });
  });

  test('a request without a sane head gets an answer and harms nobody', async () => {
    const { port } = new URL(gateway.url);
    for (const head of [
      'GET /logs HTTP/1.1\r\n\r\n',
      'GET /logs HTTP/1.1\r\nHost: a b\r\n\r\n',
      '\0\0\r\n\r\n',
    ]) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.end(head);
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      expect(chunk.toString()).toMatch(/^HTTP\/1\.1 4\d\d /);
      socket.destroy();
    }
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
  });

  test('GET /logs/stream sends what is written by its filter and goes on after Last-Event-ID', async () => {
    const first = await openStream('/logs/stream?component=live');
    await post(
      '/logs',
      '[{"message":"a","component":"live"},{"message":"b"},{"message":"c","component":"live"}]',
    );
    const [a, c] = await first.take(2);
    expect([a?.message, c?.message]).toEqual(['a', 'c']);
    first.close();
    await post('/logs', '{"message":"d","component":"live"}');
    const resumed = await openStream('/logs/stream?component=live', { 'last-event-id': a?.streamId ?? '' });
    await post('/logs', '{"message":"e","component":"live"}');
    expect((await resumed.take(3)).map(({ message }) => message)).toEqual(['c', 'd', 'e']);
    resumed.close();
  });

  async function openStream(path: string, headers: Record<string, string> = {}) {
    const ending = new AbortController();
    const response = await fetch(gateway.url + path, { headers, signal: ending.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const chunks = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    return {
      async take(count: number) {
        const isEvent = (block: string) => block.startsWith('id: ');
        while (text.split('\n\n').slice(0, -1).filter(isEvent).length < count) {
          text += new TextDecoder().decode((await chunks.read()).value);
        }
        return text.split('\n\n').slice(0, -1).filter(isEvent).map(parseEvent);
      },
      close: () => ending.abort(),
    };
  }
});

describe('starting and closing', () => {
  test('closing ends open streams and stops listening', async () => {
    const gateway = await startGateway(readConfig({ PORT: '0', ENGINE_PORT: '0', DATA_DIR: '' }), () => {});
    const stream = await fetch(`${gateway.url}/logs/stream`);
    await gateway.close();
    expect(await stream.text()).toMatch(/^: following\n/);
    await expect(fetch(gateway.url)).rejects.toThrow();
  });

  test.runIf(hasRedisServer)(
    'data of another storage version is an error that names both versions',
    async () => {
      const server = await startRedisServer();
      const redis = new Redis(server.url);
      await redis.set('settings:storage', '1');
      const starting = startGateway(readConfig({ PORT: '0', REDIS_URL: server.url }), () => {});
      await expect(starting).rejects.toThrow(`is of storage version 1, allowed: ${STORAGE_VERSION}`);
      redis.disconnect();
      await server.stop();
    },
  );

  test('a port in use is an error that names PORT', async () => {
    const gateway = await startGateway(readConfig({ PORT: '0', ENGINE_PORT: '0', DATA_DIR: '' }), () => {});
    const { port } = new URL(gateway.url);
    await expect(
      startGateway(readConfig({ PORT: port, ENGINE_PORT: '0', DATA_DIR: '' }), () => {}),
    ).rejects.toThrow(`PORT ${port} on HOST 127.0.0.1 is in use`);
    await gateway.close();
  });

  test('a service learns from the banner and from /health where to write', async () => {
    const gateway = await startGateway(readConfig({ PORT: '0', DATA_DIR: '' }), () => {});
    expect(gateway.redisUrl).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    expect(bannerOf(gateway, [])).toContain(`For your service: REDIS_URL=${gateway.redisUrl}\n`);
    const health = healthReplySchema.parse(await (await fetch(`${gateway.url}/health`)).json());
    expect(health).toMatchObject({ embedded: true, redis_url: gateway.redisUrl });
    await gateway.close();
  });

  test('the usual engine port in use means another one, ENGINE_PORT in use an error', async () => {
    // Whoever listens there, this or something else on the machine: it is in use.
    const usual = createServer().listen(4681, '127.0.0.1');
    await once(usual, 'listening').catch(() => {});
    const gateway = await startGateway(readConfig({ PORT: '0', DATA_DIR: '' }), () => {});
    const { port } = new URL(gateway.redisUrl);
    expect(port).not.toBe('4681');
    await expect(
      startGateway(readConfig({ PORT: '0', ENGINE_PORT: port, DATA_DIR: '' }), () => {}),
    ).rejects.toThrow(`ENGINE_PORT ${port} cannot be used`);
    await gateway.close();
    usual.close();
  });

  test.runIf(hasRedisServer)('the URL of an outside Redis, with its password, stays inside', async () => {
    const server = await startRedisServer();
    const gateway = await startGateway(readConfig({ PORT: '0', REDIS_URL: server.url }), () => {});
    const health = healthReplySchema.parse(await (await fetch(`${gateway.url}/health`)).json());
    expect(health).toMatchObject({ embedded: false, redis_url: null });
    expect(bannerOf(gateway, [])).not.toContain('redis://');
    await gateway.close();
    await server.stop();
  });

  test('a Redis that is not there is an error that names REDIS_URL without its password', async () => {
    const config = readConfig({ PORT: '0', REDIS_URL: 'redis://u:secret@127.0.0.1:1/3' });
    await expect(startGateway(config, () => {})).rejects.toThrow(
      /^REDIS_URL redis:\/\/127\.0\.0\.1:1\/3 cannot be used: /,
    );
  });

  test.runIf(hasRedisServer)('a database that does not exist is an error, not database 0', async () => {
    const server = await startRedisServer();
    const config = readConfig({ PORT: '0', REDIS_URL: `${server.url}/99` });
    await expect(startGateway(config, () => {})).rejects.toThrow('DB index is out of range');
    await server.stop();
  });

  test.runIf(hasRedisServer)('a Redis that evicts is said at the start and by /health', async () => {
    const server = await startRedisServer();
    const redis = new Redis(server.url);
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const lines: string[] = [];
    const gateway = await startGateway(readConfig({ PORT: '0', REDIS_URL: server.url }), (text) =>
      lines.push(text),
    );
    expect(lines.join('')).toContain('Redis has maxmemory-policy allkeys-lru');
    const health = async () => healthReplySchema.parse(await (await fetch(`${gateway.url}/health`)).json());
    expect(await health()).toMatchObject({ eviction: { policy: 'allkeys-lru', max_bytes: 0 } });
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    expect(await health()).toMatchObject({ eviction: null, writers: [] });
    redis.disconnect();
    await gateway.close();
    await server.stop();
  });

  test.runIf(hasRedisServer)('without its Redis the gateway answers 503 and recovers by itself', async () => {
    const server = await startRedisServer();
    const lines: string[] = [];
    const gateway = await startGateway(readConfig({ PORT: '0', REDIS_URL: server.url }), (text) =>
      lines.push(text),
    );
    const health = async () => (await fetch(`${gateway.url}/health`)).status;
    await server.stop();
    await expect.poll(health).toBe(503);
    expect((await fetch(`${gateway.url}/logs`)).status).toBe(503);
    expect(lines.join('')).toContain('the connection to the store is lost');
    const again = await startRedisServer({ port: server.port });
    await expect.poll(health, { timeout: 10_000 }).toBe(200);
    expect((await fetch(`${gateway.url}/logs/test`, { method: 'POST' })).status).toBe(200);
    await gateway.close();
    await again.stop();
  });
});

function parseEvent(block: string): { streamId: string; message: string } {
  const [, streamId = '', data = ''] = /^id: (.*)\ndata: (.*)$/s.exec(block) ?? [];
  return { streamId, message: entryReplySchema.parse(JSON.parse(data)).message };
}
