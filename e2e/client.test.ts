import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Client, createClient, type GatewayError, type StreamEvent } from '@tailrace/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';

let gateway: GatewayProcess;
let client: Client;

beforeAll(async () => {
  gateway = await startGatewayProcess();
  client = createClient({ url: `${gateway.url}/` });
});
afterAll(() => gateway?.stop());

test('what is ingested is found, page by page and by its id', async () => {
  const drafts = Array.from({ length: 25 }, (_, i) => ({
    message: `m${i}`,
    component: 'billing',
    level: i % 5 === 0 ? 'warn' : 'info',
    data: { i },
  }));
  const { accepted, ids } = await client.ingest(drafts);
  expect(accepted).toBe(25);
  const page = await client.search({ component: 'billing', min_level: 'warning', limit: 3, hours: 0.5 });
  expect(page).toMatchObject({ count: 3, next_cursor: expect.any(String) });
  const all: (string | null)[] = [];
  for await (const { id } of client.searchAll({ component: 'billing', limit: 4, 'level!': ['WARNING'] }))
    all.push(id);
  expect(all).toHaveLength(20);
  expect(all.toSorted()).toEqual(ids.filter((_, i) => i % 5 !== 0).toSorted());
  expect(await client.entry(ids[3] ?? '')).toMatchObject({ message: 'm3', data: { i: 3 } });
  expect(await client.entry('log:1:app:aaaaaaaa')).toBeUndefined();
  expect((await client.stats({ hours: 1 })).entries.total).toBeGreaterThanOrEqual(25);
});

test('a refusal says what was wrong', async () => {
  const refused: GatewayError = await client.search({ level: 'loud' }).catch((error) => error);
  expect(refused).toMatchObject({
    name: 'GatewayError',
    status: 400,
    code: 'invalid_parameter',
    field: 'level',
  });
  expect(refused.requestId).toBeDefined();
  await expect(client.stream({ status: 'x' }).next()).rejects.toMatchObject({ status: 400 });
  const nobody = createClient({ url: 'http://127.0.0.1:1' });
  await expect(nobody.search()).rejects.toThrow(TypeError);
  await expect(nobody.stream().next()).rejects.toThrow(TypeError);
});

test('what answers and is no gateway is an error too', async () => {
  const server = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const other = createClient({ url: `http://127.0.0.1:${port}` });
  await expect(other.search()).rejects.toMatchObject({ name: 'GatewayError', status: 200, code: undefined });
  server.close();
});

test('a stream goes on behind what it saw when the connection is lost', async () => {
  const lost = new AbortController();
  let opened = 0;
  /** Its first reply is cut off after the first entry. */
  const cutting: typeof fetch = async (input, init) => {
    opened += 1;
    if (opened > 1) return fetch(input, init);
    return fetch(input, {
      ...init,
      signal: AbortSignal.any([lost.signal, ...(init?.signal ? [init.signal] : [])]),
    });
  };
  const ending = new AbortController();
  const events = createClient({ url: gateway.url, fetch: cutting }).stream(
    { component: 'live' },
    { signal: ending.signal },
  );
  const next = async () => {
    const { value } = await events.next();
    return (value as Extract<StreamEvent, { type: 'entry' }>).entry.message;
  };
  const first = next();
  await expect.poll(() => opened).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await client.ingest([{ message: 'a', component: 'live' }, { message: 'b' }]);
  expect(await first).toBe('a');
  lost.abort();
  await client.ingest({ message: 'c', component: 'live' });
  expect(await next()).toBe('c');
  expect(opened).toBe(2);
  const last = events.next();
  ending.abort();
  expect(await last).toEqual({ value: undefined, done: true });
});

test('an aborted call rejects with the reason', async () => {
  const reason = new Error('enough');
  await expect(client.search({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
