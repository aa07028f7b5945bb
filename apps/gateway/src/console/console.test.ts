import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenDigest } from '@tailrace/api';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createErrorHandler } from '../http/errors/error-reply.js';
import type { GatewayEnv } from '../http/gateway-env.js';
import { replyHeaders } from '../http/reply-headers.js';
import { createApp } from '../index.js';
import { fakeDeps } from '../testing/fake-deps.js';
import { addConsole } from './console.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function build(): Promise<void> {
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>page');
  await writeFile(join(folder, 'assets/index-abc.js'), 'run()');
}

function served() {
  const app = new Hono<GatewayEnv>();
  app.use(replyHeaders);
  addConsole(app, folder);
  app.onError(createErrorHandler({ report: () => {} }));
  return app;
}

test('the page has a strict policy and is never kept, its hashed files are kept for ever', async () => {
  await build();
  const app = served();
  const page = await app.request('/');
  expect(await page.text()).toContain('page');
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe');
  const script = await app.request('/assets/index-abc.js', { headers: { 'accept-encoding': 'br, gzip' } });
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(script.headers.get('content-encoding')).toBe('gzip');
  expect(script.headers.get('content-type')).toContain('text/javascript');
});

test('nothing outside of the build is served', async () => {
  await build();
  await writeFile(join(folder, 'secret.js'), 'secret');
  for (const path of [
    '/assets/..%2fsecret.js',
    '/assets/%2e%2e/secret.js',
    '/secret.js',
    '/assets/none.js',
  ]) {
    expect((await served().request(path)).status).toBe(404);
  }
});

test('without a build it says how to build, and finds the build when it is there', async () => {
  const app = served();
  const missing = await app.request('/');
  expect(missing.status).toBe(503);
  expect(await missing.text()).toContain('npx -y pnpm@10 run build');
  await build();
  expect((await app.request('/')).status).toBe(200);
});

const TOKEN = 'tailrace_right';
const auth = {
  tokens: () => [{ name: 'reader', scopes: ['read'] as const, digest: tokenDigest(TOKEN) }],
  isTrustedProxy: () => false,
};

async function signedIn() {
  const app = createApp(fakeDeps({ auth, allowedHosts: ['*'], allowedOrigins: ['https://app.example'] }));
  const reply = await app.request('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ token: TOKEN }),
  });
  expect(await reply.json()).toEqual({ needs_token: true, scopes: ['read'] });
  const cookie = reply.headers.get('set-cookie') ?? '';
  return { app, cookie, sent: cookie.split(';')[0] ?? '' };
}

test('signing in gives a cookie no script and no other site has, and with it the rights of the token', async () => {
  const { app, cookie, sent } = await signedIn();
  expect(cookie).toContain('HttpOnly');
  expect(cookie).toContain('SameSite=Strict');
  const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
    app.request(path, { method, headers: { cookie: sent, ...headers } });
  expect((await ask('/logs', { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  expect((await ask('/logs', {})).status).toBe(200);
  expect((await ask('/logs', { 'sec-fetch-site': 'same-origin' }, 'DELETE')).status).toBe(403);
  const out = await ask('/session', { 'sec-fetch-site': 'same-origin' }, 'DELETE');
  expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
});

test.each([
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site', origin: 'https://app.example' },
  { 'sec-fetch-site': 'same-site', origin: 'https://app.example' },
  { origin: 'https://app.example' },
])('the cookie counts for the own page only, also where others may ask: %o', async (headers) => {
  const { app, sent } = await signedIn();
  expect((await app.request('/logs', { headers: { cookie: sent, ...headers } })).status).toBe(401);
});

test('what changes something needs a browser to say that the own page asks', async () => {
  const { app, sent } = await signedIn();
  const reply = await app.request('/logs/test', { method: 'POST', headers: { cookie: sent } });
  expect(reply.status).toBe(401);
});

test('a wrong token is refused, not told, and limited', async () => {
  const reports: string[] = [];
  const app = createApp(fakeDeps({ auth, report: (text) => reports.push(text) }));
  const ask = () =>
    app.request('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: 'tailrace_wrong' }),
    });
  expect((await ask()).status).toBe(401);
  for (let i = 0; i < 10; i++) await ask();
  expect((await ask()).status).toBe(429);
  expect(reports.join()).not.toContain('tailrace_wrong');
});
