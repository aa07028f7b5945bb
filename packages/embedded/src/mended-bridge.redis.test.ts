import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedEngine } from '@tailrace/embedded';
import { startTrialEngine } from '@tailrace/embedded/trial';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

let engine: EmbeddedEngine;
const clients: Redis[] = [];

function client(): Redis {
  const redis = new Redis(engine.url, { retryStrategy: () => null });
  redis.on('error', () => {});
  clients.push(redis);
  return redis;
}

async function rawClient(): Promise<Socket> {
  const socket = connect({ port: engine.port, allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

// No timer: what would wait for it hangs. Every test on this engine shows that nothing does.
beforeAll(async () => {
  engine = await startTrialEngine({ timer: false });
});

afterEach(() => {
  for (const redis of clients.splice(0)) redis.disconnect();
});

afterAll(() => engine.stop());

describe('the mended bridge, without a timer', () => {
  it('answers a pipeline of 1,000 commands', async () => {
    const pipeline = client().pipeline();
    for (let n = 0; n < 1000; n++) pipeline.set(`key:${n}`, n).get(`key:${n}`);
    const replies = (await pipeline.exec()) ?? [];
    expect(replies.filter((_, at) => at % 2 === 1).map(([, value]) => Number(value))).toEqual(
      Array.from({ length: 1000 }, (_, n) => n),
    );
  });

  it('wakes readers blocked on a stream and on a list', async () => {
    const [streamReader, listReader, writer] = [client(), client(), client()];
    const entry = streamReader.xread('BLOCK', 0, 'STREAMS', 'wake:stream', '0');
    const item = listReader.blpop('wake:list', 0);
    await untilBlocked(writer, 2);
    await writer.xadd('wake:stream', '1-1', 'data', 'a');
    await writer.rpush('wake:list', 'b');
    expect(await entry).toEqual([['wake:stream', [['1-1', ['data', 'a']]]]]);
    expect(await item).toEqual(['wake:list', 'b']);
  });

  it('reads and replies 20 MB intact', async () => {
    const redis = client();
    const value = Buffer.alloc(20_000_000, Buffer.from('a pattern of 31 bytes, a prime!'));
    await redis.set('large', value);
    expect(value.equals((await redis.getBuffer('large')) as Buffer)).toBe(true);
  });

  it('serves 100 clients at once, each with its own replies in order', async () => {
    const all = await Promise.all(
      Array.from({ length: 100 }, async (_, id) => {
        const redis = client();
        return Promise.all(Array.from({ length: 50 }, (_, n) => redis.echo(`${id}:${n}`)));
      }),
    );
    expect(all).toEqual(
      Array.from({ length: 100 }, (_, id) => Array.from({ length: 50 }, (_, n) => `${id}:${n}`)),
    );
  });

  it('serves others while one client sends without pause', async () => {
    const flood = await rawClient();
    const commands = Buffer.from('ECHO 1234567890\r\n'.repeat(50_000));
    let flooding = true;
    const send = () => {
      while (flooding && flood.write(commands));
    };
    flood
      .resume()
      .on('drain', send)
      .on('error', () => {});
    send();
    const redis = client();
    for (let n = 0; n < 20; n++) expect(await redis.ping()).toBe('PONG');
    flooding = false;
    flood.destroy();
  });

  it('outlives more connections, one after the other, than the engine has room for at once', async () => {
    for (let n = 0; n < 6_500; n++) {
      const socket = await rawClient();
      socket.write('PING\r\n');
      const [reply] = await once(socket, 'data');
      if (String(reply) !== '+PONG\r\n') throw new Error(`connection ${n}: ${reply}`);
      socket.destroy();
    }
    expect(await client().ping()).toBe('PONG');
  });

  it('replies to a client that has ended its sending side', async () => {
    const socket = await rawClient();
    socket.end('SET half open\r\nGET half\r\n');
    expect(await text(socket)).toBe('+OK\r\n$4\r\nopen\r\n');
  });

  it('sends a large reply to its end before it closes for QUIT', async () => {
    const value = 'x'.repeat(5_000_000);
    await client().set('before-quit', value);
    const socket = await rawClient();
    socket.end('GET before-quit\r\nQUIT\r\n');
    expect(await text(socket)).toBe(`$${value.length}\r\n${value}\r\n+OK\r\n`);
  });

  it('sends all of a large reply to a slow reader that has ended its sending side', async () => {
    const value = 'x'.repeat(20_000_000);
    await client().set('slow-end', value);
    const socket = await rawClient();
    socket.pause();
    socket.end('GET slow-end\r\n');
    await sleep(200);
    expect((await text(socket)).length).toBe(`$${value.length}\r\n${value}\r\n`.length);
  });

  it('goes on for others when a client is gone in the middle of its reply', async () => {
    const redis = client();
    await redis.set('mid-reply', Buffer.alloc(8_000_000));
    for (let n = 0; n < 20; n++) {
      const socket = await rawClient();
      socket.on('error', () => {});
      socket.write('GET mid-reply\r\n'.repeat(4));
      await once(socket, 'data');
      socket.resetAndDestroy();
      expect(await redis.ping()).toBe('PONG');
    }
    await untilClients(redis, 1);
  });

  it('leaves inside the engine what a slow reader has not read, and loses nothing of it', async () => {
    const redis = client();
    await redis.set('slow', Buffer.alloc(2_000_000));
    const wantedBytes = 50 * '$2000000\r\n\r\n'.length + 50 * 2_000_000;
    const slow = await rawClient();
    slow.pause();
    slow.write('GET slow\r\n'.repeat(50));
    const { waiting, sent } = await untilOutputWaits(redis);
    expect(waiting).toBeGreaterThan(sent);
    let received = 0;
    slow.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received === wantedBytes) slow.end();
    });
    slow.resume();
    await once(slow, 'close');
    expect(received).toBe(wantedBytes);
  });
});

describe('the mended bridge, with its timer', () => {
  it('rests while nobody asks for anything, and lets a BLOCK time out', async () => {
    const resting = await startTrialEngine({});
    const redis = new Redis(resting.url);
    const cycles = async () => Number(/eventloop_cycles:(\d+)/.exec(await redis.info('stats'))?.[1]);
    const before = await cycles();
    expect(await redis.blpop('nothing', 1)).toBeNull();
    // Some 20 for the timer; an engine that is stepped without pause makes 100,000 in a second.
    expect((await cycles()) - before).toBeLessThan(2_000);
    redis.disconnect();
    await resting.stop();
  });
});

async function untilBlocked(redis: Redis, count: number): Promise<void> {
  while (!(await redis.info('clients')).includes(`\r\nblocked_clients:${count}\r\n`));
}

async function untilClients(redis: Redis, count: number): Promise<void> {
  while (!(await redis.info('clients')).includes(`\r\nconnected_clients:${count}\r\n`));
}

/** Bytes of the client whose 50 commands are done: waiting in the engine, and handed to the bridge. */
async function untilOutputWaits(redis: Redis): Promise<{ waiting: number; sent: number }> {
  for (;;) {
    const list = String(await redis.client('LIST'));
    const slow = / omem=(\d+) .* tot-net-out=(\d+) tot-cmds=50$/m.exec(list);
    if (slow && slow[1] !== '0') return { waiting: Number(slow[1]), sent: Number(slow[2]) };
  }
}
