import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENDPOINT_LIST } from '@tailrace/api';
import {
  type Asked,
  type Client,
  ConnectionError,
  createClient,
  GatewayError,
  type StreamEvent,
} from '@tailrace/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { repositoryPath } from './testing/repository.js';

let gateway: GatewayProcess;
let client: Client;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-client-'));
  gateway = await startGatewayProcess({ DATA_DIR: folder });
  client = createClient({ url: `${gateway.url}/` });
});
afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

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
    const value = (await events.next()).value as StreamEvent;
    if (value.type === 'connection') return value.state;
    return (value as Extract<StreamEvent, { type: 'entry' }>).entry.message;
  };
  const first = next();
  await expect.poll(() => opened).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await client.ingest([{ message: 'a', component: 'live' }, { message: 'b' }]);
  expect(await first).toBe('a');
  lost.abort();
  await client.ingest({ message: 'c', component: 'live' });
  expect([await next(), await next(), await next()]).toEqual(['lost', 'back', 'c']);
  expect(opened).toBe(2);
  const last = events.next();
  ending.abort();
  expect(await last).toEqual({ value: undefined, done: true });
});

test('an aborted call rejects with the reason', async () => {
  const reason = new Error('enough');
  await expect(client.search({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

const NOTHING = 'nothing of that name';

test('every endpoint that replies JSON is asked by its name', async () => {
  const id = (await client.test()).id;
  const fingerprint = '0123456789abcdef';
  const paths: Readonly<Record<string, string>> = { id, ip: '::1', code: '200', method: 'GET', fingerprint };
  for (const { name, path, needs, body, foreign, replies } of ENDPOINT_LIST) {
    if ((body ?? foreign) !== undefined || replies.some(({ schema }) => schema === undefined)) continue;
    if (replies.some(({ type }) => type === 'application/x-ndjson')) continue;
    const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => [
      parameter,
      paths[parameter] ?? 'x',
    ]);
    const asked = {
      path: Object.fromEntries(parameters),
      query: { ...(needs && { [needs]: '/x' }), ...(name === 'GET /logs/top' && { by: 'ip' }) },
    } as Asked<'GET /logs'>;
    const reply = await client.ask(name as 'GET /logs', asked).catch((error: unknown) => {
      // An endpoint that is there, and has nothing of that name.
      if (error instanceof GatewayError && /^there is no \w+( \w+)? "/.test(error.message)) return NOTHING;
      throw error;
    });
    if (reply === NOTHING) continue;
    expect([name, replies.some(({ schema }) => schema?.safeParse(reply).success)]).toEqual([name, true]);
  }
});

test('lookups and figures are methods with queries of their own', async () => {
  const trace = 'client-methods';
  await client.ingest([
    {
      kind: 'request',
      method: 'GET',
      path: '/slow',
      status_code: 500,
      response_time_ms: 2000,
      client_ip: '192.0.2.77',
      trace_id: trace,
    },
    { message: 'fine', trace_id: trace, event: 'client.fine' },
  ]);
  expect((await client.errors({ trace })).logs).toMatchObject([{ path: '/slow' }]);
  expect((await client.slow({ trace, threshold: 1000 })).logs).toMatchObject([{ path: '/slow' }]);
  expect((await client.events({ event: 'client.fine' })).events).toMatchObject([{ event: 'client.fine' }]);
  expect((await client.top({ by: 'ip', trace })).top).toEqual([{ value: '192.0.2.77', count: 1 }]);
  expect((await client.histogram({ trace, buckets: 3 })).buckets).toHaveLength(3);
  expect((await client.oauthFlows({ username: 'nobody' })).flows).toEqual([]);
  expect((await client.oauthFlowsOf('192.0.2.77')).flows).toEqual([]);
  expect((await client.oauthSummary('192.0.2.77')).activity).toEqual([]);
  expect((await client.delivery()).totals.writers).toBeGreaterThan(0);
  expect(await client.health()).toMatchObject({ status: 'ok', embedded: true });
  expect(await client.ready()).toEqual({ ready: true, archive: null });
  expect(await client.metrics()).toContain('# TYPE');
  await expect(client.oauthSummary('..')).rejects.toThrow(RangeError);
});

test('levels are set and taken away', async () => {
  expect(await client.setLevels({ components: { db: 'debug' } })).toEqual({ components: { db: 'DEBUG' } });
  expect(await client.levels()).toEqual({ components: { db: 'DEBUG' } });
  expect(await client.resetLevels()).toEqual({ components: {} });
});

test('an export comes entry by entry or line by line, and a removal tells its progress', async () => {
  await client.ingest(['x', 'y'].map((message) => ({ message, component: 'exported' })));
  const messages: string[] = [];
  for await (const { message } of client.export({ component: 'exported' })) messages.push(message);
  expect(messages.toSorted()).toEqual(['x', 'y']);
  const lines: string[] = [];
  for await (const line of client.exportLines({ component: 'exported', format: 'csv' })) lines.push(line);
  expect(lines[0]).toMatch(/^"id","timestamp",/);
  expect(lines).toHaveLength(3);
  const progress: unknown[] = [];
  for await (const step of client.clear({ component: 'exported' })) progress.push(step);
  const files = { sealed: 0, unsealed: 2, left: 0 };
  expect(progress.at(-1)).toEqual({ removed: 2, done: true, files });
});

test('a reply that does not come in time, or is cut off, is a lost connection', async () => {
  const server = createServer(({ url }, response) => {
    if (url?.startsWith('/logs/export')) response.write('{"id":', () => response.destroy());
    if (url?.startsWith('/logs/stats')) response.write('{"que', () => response.destroy());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const asking = createClient({ url, timeoutMs: 200 });
  const late = await asking.search().catch((error) => error);
  expect(late).toMatchObject({ name: 'ConnectionError', reason: 'TimeoutError', mayHaveArrived: true });
  expect(late.message).toBe(`the gateway at ${url} does not reply`);
  expect(await asking.stats().catch((error) => error)).toMatchObject({ name: 'ConnectionError' });
  await expect(asking.exportLines().next()).rejects.toMatchObject({ name: 'IncompleteExportError' });
  server.closeAllConnections();
  server.close();
  const nobody = await createClient({ url: 'http://127.0.0.1:1' })
    .search()
    .catch((error) => error);
  expect(nobody).toBeInstanceOf(ConnectionError);
});

test('nothing is loaded that a browser has not', () => {
  const folder = repositoryPath('packages/client/dist/');
  const imported = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => [
      ...readFileSync(folder + name, 'utf8').matchAll(/(?:from|import\() ?'([^'.][^']*)'/g),
    ])
    .map(([, name]) => name);
  expect([...new Set(imported)]).toEqual(['eventsource-parser']);
});
