import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchesReplySchema } from '@tailrace/api';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, readConfig, startGateway } from '../index.js';

async function call(gateway: Gateway, method: string, name?: string, body?: unknown) {
  const path = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  const response = await fetch(`${gateway.url}/logs/searches${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  return { status: response.status, text: await response.text() };
}

async function namesIn(gateway: Gateway): Promise<string[]> {
  const { searches } = searchesReplySchema.parse(JSON.parse((await call(gateway, 'GET')).text));
  return searches.map(({ name }) => name);
}

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway(
      readConfig({ PORT: '0', REDIS_URL: engine.url, KEY_PREFIX: 'gw:' }),
      () => {},
    );
  });
  afterAll(() => gateway?.close());

  test('a search is saved under any name, replaced, removed, and outlives a clear', async () => {
    const names = ['Fehler: 5xx / gestern?', '__proto__', 'zz'];
    for (const name of names) {
      expect((await call(gateway, 'PUT', name, { query: 'status=5xx&hours=6' })).status).toBe(200);
    }
    expect(await namesIn(gateway)).toEqual(names);
    const { text } = await call(gateway, 'PUT', 'zz', { query: 'level=ERROR' });
    expect(searchesReplySchema.parse(JSON.parse(text)).searches.at(-1)?.query).toBe('level=ERROR');
    await (await fetch(`${gateway.url}/logs`, { method: 'DELETE' })).text();
    expect(await namesIn(gateway)).toEqual(names);
    for (const name of [...names, 'not there']) {
      expect((await call(gateway, 'DELETE', name)).status).toBe(200);
    }
    expect(await namesIn(gateway)).toEqual([]);
  });

  test.each([
    ['  ', { query: '' }, 'name is'],
    ['x'.repeat(81), { query: '' }, '1 to 80 characters'],
    ['a\u202Eb', { query: '' }, 'control characters'],
    ['a', { query: '?x=1' }, 'without ?'],
    ['a', { query: 'x'.repeat(4_097) }, 'at most 4096 characters'],
    ['a', { text: 'x' }, 'query is undefined: must be a text'],
  ])('%.20j with %.30j is refused, and says why', async (name, body, message) => {
    const { status, text } = await call(gateway, 'PUT', name, body);
    expect([status, text]).toEqual([400, expect.stringContaining(message)]);
  });

  test('there are 200 at most, and one of a name that is there still changes', async () => {
    for (let i = 0; i < 200; i++) await call(gateway, 'PUT', `s${i}`, { query: '' });
    expect((await call(gateway, 'PUT', 'one more', { query: '' })).text).toContain('200 saved searches');
    expect((await call(gateway, 'PUT', 's7', { query: 'q=x' })).status).toBe(200);
    expect(await namesIn(gateway)).toHaveLength(200);
  });

  test('a key of somebody else is left alone and told', async () => {
    await engine.redis.set('gw:settings:searches', 'mine');
    for (const [method, name, body] of [['GET'], ['PUT', 'a', { query: '' }], ['DELETE', 'a']] as const) {
      expect((await call(gateway, method, name, body)).status).toBe(409);
    }
    expect(await engine.redis.get('gw:settings:searches')).toBe('mine');
    await engine.redis.del('gw:settings:searches');
  });
});

test('with an engine of its own the gateway has them again after a restart, from a file for its user alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'searches-'));
  const reported: string[] = [];
  const start = () =>
    startGateway(readConfig({ PORT: '0', ENGINE_PORT: '0', DATA_DIR: folder }), (text) =>
      reported.push(text),
    );
  const first = await start();
  await call(first, 'PUT', 'kept', { query: 'level=ERROR' });
  await call(first, 'PUT', 'gone', { query: '' });
  await call(first, 'DELETE', 'gone');
  await first.close();
  const second = await start();
  expect(await namesIn(second)).toEqual(['kept']);
  await second.close();
  const file = join(folder, 'searches.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain('level=ERROR');
  await writeFile(file, 'broken');
  const third = await start();
  expect(await namesIn(third)).toEqual([]);
  expect(reported.join()).toContain('saved searches cannot be read');
  await third.close();
  await rm(folder, { recursive: true });
}, 120_000);
