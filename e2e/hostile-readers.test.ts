import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { createClient } from '@tailrace/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';

const MEBIBYTE = 1024 * 1024;
/** More than what the kernel holds of one reply that nobody reads. */
const STORED_BYTES = 24 * MEBIBYTE;
const EXPORTS = 200;

/** A request whose reply is not read beyond its first line. */
interface Stalled {
  readonly status: number;
  readonly socket: Socket;
}

async function stall(url: string, path: string, client: string): Promise<Stalled> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nx-forwarded-for: ${client}\r\n\r\n`);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  return { socket, status: Number(chunk.toString('latin1').split(' ')[1]) };
}

function countsOf(stalled: readonly Stalled[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of stalled) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function mostMemoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) * 1024;
}

describe('clients that take and do not read', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startGatewayProcess({
      STALL_TIMEOUT_S: '3',
      TRUSTED_PROXIES: '127.0.0.1',
      MAX_FOLLOWERS: '8',
    });
    const client = createClient({ url: gateway.url });
    const text = 'x'.repeat(48 * 1024);
    const entries = Array.from({ length: 100 }, (_, i) => ({ message: `entry ${i}`, data: { text } }));
    for (let stored = 0; stored < STORED_BYTES; stored += entries.length * text.length) {
      await client.ingest(entries);
    }
  });
  afterAll(() => gateway?.stop());

  test('get as many exports as there may be, and are let go when they take nothing', async () => {
    const before = await mostMemoryOf(gateway.pid);
    const ofOne = await Promise.all(
      Array.from({ length: 20 }, () => stall(gateway.url, '/logs/export', '192.0.2.1')),
    );
    expect(countsOf(ofOne)).toEqual({ 200: 4, 429: 16 });
    const ofMany = await Promise.all(
      Array.from({ length: EXPORTS }, (_, i) => stall(gateway.url, '/logs/export', `198.51.100.${i}`)),
    );
    expect(countsOf(ofMany)).toEqual({ 200: 12, 429: EXPORTS - 12 });
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
    await createClient({ url: gateway.url }).ingest({ message: 'still taken' });
    const held = (await mostMemoryOf(gateway.pid)) - before;
    expect(held).toBeLessThan(16 * STORED_BYTES);

    await expect
      .poll(async () => (await fetch(`${gateway.url}/logs/export?limit=1`)).status, { timeout: 20_000 })
      .toBe(200);
    for (const { socket } of [...ofOne, ...ofMany]) socket.destroy();
  });

  test('share the places of followers', async () => {
    const one = await Promise.all([1, 2, 3].map(() => stall(gateway.url, '/logs/stream', '192.0.2.1')));
    expect(countsOf(one)).toEqual({ 200: 2, 429: 1 });
    const others = await Promise.all(
      Array.from({ length: 8 }, (_, i) => stall(gateway.url, '/logs/stream', `198.51.100.${i}`)),
    );
    expect(countsOf(others)).toEqual({ 200: 6, 429: 2 });
    for (const { socket } of [...one, ...others]) socket.destroy();
    await expect.poll(() => statusOf('192.0.2.9')).toBe(200);
    const network = await Promise.all(
      [1, 2, 3].map((last) => stall(gateway.url, '/logs/stream', `2001:db8:1:2::${last}`)),
    );
    expect(countsOf(network)).toEqual({ 200: 2, 429: 1 });
    for (const { socket } of network) socket.destroy();
    await expect.poll(() => statusOf('192.0.2.1')).toBe(200);

    async function statusOf(client: string): Promise<number> {
      const { status, socket } = await stall(gateway.url, '/logs/stream', client);
      socket.destroy();
      return status;
    }
  });
});
