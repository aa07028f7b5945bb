import { errorReplySchema, type Scope, tokenDigest, tokenOf } from '@tailrace/api';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../index.js';
import { fakeDeps } from '../../testing/fake-deps.js';
import { addressList } from './address-list.js';

const TOKENS = new Map<Scope, string>(
  (['read', 'write', 'admin'] as const).map((scope, i) => [scope, tokenOf(Buffer.alloc(32, i + 1))]),
);
const WRONG = tokenOf(Buffer.alloc(32, 9));

function open(trusted: readonly string[] = []) {
  const reported: string[] = [];
  const clock = { now: 0 };
  let tokens = [...TOKENS].map(([scope, token]) => ({
    name: scope,
    scopes: [scope],
    digest: tokenDigest(token),
  }));
  const app = createApp(
    fakeDeps({
      auth: { tokens: () => tokens, isTrustedProxy: addressList(trusted) },
      report: (text) => reported.push(text),
      now: () => clock.now,
    }),
  );
  const ask = (
    path: string,
    { method = 'GET', authorization, from = '192.0.2.1', forwarded }: AskOptions = {},
  ) => {
    const headers = {
      ...(authorization !== undefined && { authorization }),
      ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }),
      'content-type': 'application/json',
    };
    const env = { incoming: { socket: { remoteAddress: from } } };
    return app.request(path, { method, headers, ...(method === 'POST' && { body: '{}' }) }, env);
  };
  const removeAll = () => {
    tokens = [];
  };
  return { ask, reported, clock, removeAll };
}

interface AskOptions {
  readonly method?: string;
  readonly authorization?: string;
  readonly from?: string;
  readonly forwarded?: string;
}

const bearer = (scope: Scope) => `Bearer ${TOKENS.get(scope)}`;

describe('scopes', () => {
  test.each([
    ['GET', '/logs', ['read', 'admin']],
    ['HEAD', '/logs', ['read', 'admin']],
    ['GET', '/logs/stream', ['read', 'admin']],
    ['GET', '/logs/delivery', ['read', 'admin']],
    ['GET', '/logs/levels', ['read', 'admin']],
    ['GET', '/metrics', ['read', 'admin']],
    ['POST', '/logs', ['write', 'admin']],
    ['DELETE', '/logs', ['admin']],
    ['DELETE', '/logs/levels', ['admin']],
    ['GET', '/health', ['read', 'write', 'admin']],
  ])('%s %s is for %j', async (method, path, allowed) => {
    const { ask } = open();
    for (const scope of TOKENS.keys()) {
      const { status } = await ask(path, { method, authorization: bearer(scope) });
      expect([scope, status]).toEqual([scope, allowed.includes(scope) ? 200 : 403]);
    }
  });

  test('a token that lacks one is told which', async () => {
    const response = await open().ask('/logs', { method: 'DELETE', authorization: bearer('write') });
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="tailrace", error="insufficient_scope", scope="admin"',
    );
    expect(errorReplySchema.parse(await response.json()).error.code).toBe('forbidden');
  });

  test.each([
    '/logs',
    '/logs/nothing',
    '/nothing',
    '/metrics',
    '/logs/',
    '//health',
    '/HEALTH',
    '/health/../logs',
  ])('nothing but what is open answers %s without a token', async (path) => {
    const response = await open().ask(path);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="tailrace"');
    expect(response.headers.get('x-request-id')).not.toBeNull();
  });

  test.each(['/health', '/health/ready', '/openapi.json', '/docs'])('%s is open', async (path) => {
    expect((await open().ask(path)).status).toBe(200);
  });

  test('/health says what is inside only to who may read', async () => {
    const { ask } = open();
    expect(await (await ask('/health')).json()).toEqual({ status: 'ok' });
    expect(await (await ask('/health', { authorization: bearer('write') })).json()).toEqual({ status: 'ok' });
    expect(await (await ask('/health', { authorization: bearer('read') })).json()).toMatchObject({
      status: 'ok',
      engine: 'Redis 7',
    });
  });
});

describe('a wrong token', () => {
  test.each([
    `Bearer ${WRONG}`,
    `bearer ${WRONG}`,
    'Bearer',
    'Bearer ',
    'Bearer a b',
    `Bearer ${TOKENS.get('read')?.slice(0, -1)}`,
    `Bearer ${TOKENS.get('read')}A`,
    `Bearer ${TOKENS.get('read')?.toUpperCase()}`,
    `Bearer ${'A'.repeat(10_000)}`,
    `Bearer ${tokenDigest(TOKENS.get('read') ?? '').toString('base64url')}`,
  ])('is a 401 everywhere, logged and never shown: %.40s', async (authorization) => {
    const { ask, reported } = open();
    for (const path of ['/logs?q=x', '/health']) {
      const response = await ask(path, { authorization });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="tailrace", error="invalid_token"');
      const said = (await response.text()) + reported.join();
      expect(said).not.toContain(authorization.slice(7, 40) || 'Bearer');
    }
    expect(reported[0]).toMatch(/^a wrong token from 192\.0\.2\.1: GET "\/logs" \(request [\w-]+\)$/);
  });

  test('another scheme is no token', async () => {
    const { ask, reported } = open();
    expect((await ask('/logs', { authorization: 'Basic YTpi' })).status).toBe(401);
    expect(reported).toEqual([]);
  });

  test('is limited by address, while a right one passes', async () => {
    const { ask, clock, reported } = open();
    const wrong = { authorization: `Bearer ${WRONG}` };
    for (let i = 0; i < 10; i++) expect((await ask('/logs', wrong)).status).toBe(401);
    clock.now = 1_500;
    const response = await ask('/logs', wrong);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '59']);
    expect(errorReplySchema.parse(await response.json()).error.code).toBe('too_many_requests');
    expect(reported).toHaveLength(10);
    expect((await ask('/logs', { authorization: bearer('read') })).status).toBe(200);
    expect((await ask('/logs', { ...wrong, from: '192.0.2.2' })).status).toBe(401);
    clock.now = 60_000;
    expect((await ask('/logs', wrong)).status).toBe(401);
  });

  test('forwarded headers are believed from trusted proxies alone, from the right', async () => {
    const wrong = { authorization: `Bearer ${WRONG}`, forwarded: '198.51.100.9, 203.0.113.5' };
    const named = async (trusted: string[], from: string, forwarded = wrong.forwarded) => {
      const { ask, reported } = open(trusted);
      await ask('/logs', { ...wrong, from, forwarded });
      return /from (\S+):/.exec(reported.join())?.[1];
    };
    expect(await named([], '10.0.0.1')).toBe('10.0.0.1');
    expect(await named(['10.0.0.0/8'], '192.0.2.1')).toBe('192.0.2.1');
    expect(await named(['10.0.0.0/8'], '10.0.0.1')).toBe('203.0.113.5');
    expect(await named(['10.0.0.0/8'], '::ffff:10.0.0.1')).toBe('203.0.113.5');
    expect(await named(['10.0.0.0/8', '203.0.113.5'], '10.0.0.1')).toBe('198.51.100.9');
    expect(await named(['10.0.0.0/8'], '10.0.0.1', '198.51.100.9, x')).toBe('10.0.0.1');
  });
});

test('when the last token is taken away, nobody may ask, rather than all', async () => {
  const { ask, removeAll } = open();
  removeAll();
  expect((await ask('/logs')).status).toBe(401);
  expect((await ask('/logs', { authorization: bearer('admin') })).status).toBe(401);
});
