import { expect, test } from 'vitest';
import { createApp } from '../../index.js';
import { fakeDeps } from '../../testing/fake-deps.js';

const APP = 'https://app.example';
const HOST = '127.0.0.1:4680';

function ask(headers: Record<string, string>, method = 'GET', path = '/logs') {
  const app = createApp(fakeDeps({ allowedHosts: [], allowedOrigins: [APP] }));
  return app.request(path, { method, headers: { host: HOST, ...headers } });
}

test.each([
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: '' },
  { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-site' },
  { origin: 'http://127.0.0.1' },
  { origin: 'http://127.0.0.1:4680.evil.example' },
  { origin: `http://${HOST}@evil.example` },
  { origin: `${APP}:8443` },
  { origin: 'file://127.0.0.1:4680' },
  { 'sec-fetch-site': 'cross-site' },
])('a request of a page elsewhere is refused on every endpoint: %o', async (headers) => {
  const asked = [
    ['GET', '/logs'],
    ['HEAD', '/logs'],
    ['GET', '/health'],
    ['GET', '/docs'],
    ['GET', '/nothing'],
    ['GET', '/logs/stream'],
    ['POST', '/logs'],
    ['POST', '/logs/test'],
    ['DELETE', '/logs'],
    ['OPTIONS', '/logs'],
  ] as const;
  for (const [method, path] of asked) {
    const response = await ask(headers, method, path);
    expect([method, path, response.status]).toEqual([method, path, 403]);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  }
});

test.each([
  {},
  { origin: `http://${HOST}` },
  { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' },
  { origin: 'https://logs.example', 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
])('what no page sent, or a page of the gateway itself, is answered: %o', async (headers) => {
  expect((await ask(headers)).status).toBe(200);
  expect((await ask(headers, 'POST', '/logs/test')).status).toBe(200);
});

test('an origin that is allowed may ask, and is told what it may send', async () => {
  const headers = { origin: APP, 'sec-fetch-site': 'cross-site' };
  const response = await ask(headers);
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe(APP);
  expect(response.headers.get('vary')).toBe('Origin');
  const refused = await ask(headers, 'GET', '/logs?limit=x');
  expect(refused.status).toBe(400);
  expect(refused.headers.get('access-control-allow-origin')).toBe(APP);
  const preflight = { ...headers, 'access-control-request-method': 'DELETE' };
  const told = await ask(preflight, 'OPTIONS');
  expect(told.status).toBe(204);
  expect(told.headers.get('access-control-allow-methods')).toContain('DELETE');
  for (const name of ['authorization', 'idempotency-key'])
    expect(told.headers.get('access-control-allow-headers')).toContain(name);
});
