import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@tailrace/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { repositoryPath } from './testing/repository.js';

/** A request as a browser or a program sends it: `fetch` sets some of these headers itself. */
function send(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asking = request(url + path, { method, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    });
    asking.once('error', reject).end(body);
  });
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded;a=+json' };
const PAGE = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
const FORGED = '{"level":"AUDIT","message":"forged"}';

describe('a gateway without tokens', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startGatewayProcess();
  });
  afterAll(() => gateway?.stop());

  test('stores nothing that a web page elsewhere sends without asking first', async () => {
    const { url } = gateway;
    expect(await send(url, 'POST', '/logs', { ...FORM, ...PAGE }, FORGED)).toBe(403);
    expect(await send(url, 'POST', '/logs', FORM, FORGED)).toBe(415);
    expect(await send(url, 'POST', '/logs', { ...PAGE, 'content-type': 'text/plain' }, FORGED)).toBe(403);
    expect(await send(url, 'POST', '/logs/test', PAGE)).toBe(403);
    expect(await send(url, 'POST', '/logs/test', { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await send(url, 'GET', '/logs/export', { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect((await createClient({ url }).search()).count).toBe(0);
  });

  test('does nothing for a page whose name was pointed at its address', async () => {
    const { url } = gateway;
    await createClient({ url }).ingest({ message: 'mine' });
    const rebound = { host: 'rebind.evil.example:4680' };
    const own = { ...rebound, origin: 'http://rebind.evil.example:4680' };
    for (const headers of [rebound, own, { ...own, 'sec-fetch-site': 'same-origin' }]) {
      for (const path of ['/logs', '/health', '/openapi.json', '/metrics']) {
        expect(await send(url, 'GET', path, headers)).toBe(403);
      }
      expect(await send(url, 'DELETE', '/logs', headers)).toBe(403);
    }
    expect((await createClient({ url }).search()).logs).toMatchObject([{ message: 'mine' }]);
  });
});

describe('a gateway that listens beyond this machine without tokens', () => {
  test('answers to no name but this machine and those it is told', async () => {
    const gateway = await startGatewayProcess({
      HOST: '0.0.0.0',
      ALLOW_REMOTE: '1',
      ALLOWED_HOSTS: 'logs.example',
      ALLOWED_ORIGINS: 'https://app.example',
    });
    const url = gateway.url.replace('0.0.0.0', '127.0.0.1');
    try {
      for (const method of ['GET', 'DELETE']) {
        expect(await send(url, method, '/logs', { host: 'rebind.evil.example' })).toBe(403);
      }
      expect(await send(url, 'GET', '/logs', { host: 'logs.example' })).toBe(200);
      expect(await send(url, 'GET', '/logs', {})).toBe(200);
      expect(await send(url, 'GET', '/logs', { origin: 'https://app.example' })).toBe(200);
      expect(await send(url, 'GET', '/logs', { origin: 'https://other.example' })).toBe(403);
    } finally {
      await gateway.stop();
    }
  });
});

describe('a gateway as the Compose file starts it', () => {
  let folder: string;
  let settings: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'first-token-'));
    const compose = await readFile(repositoryPath('docker-compose.yml'), 'utf8');
    const environment =
      /\n {2}gateway:[\s\S]*?\n {4}environment:\n([\s\S]*?)\n {4}\w/.exec(compose)?.[1] ?? '';
    settings = Object.fromEntries(
      [...environment.matchAll(/^ {6}(\w+): "?(?:\$\{\w+:-([^}]*)\}|([^"\n]*))"?$/gm)]
        .map(([, name = '', byDefault, value]) => [name, byDefault ?? value ?? ''])
        .filter(([name]) => name !== 'REDIS_URL'),
    );
    settings.TOKENS_FILE = join(folder, 'tokens');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('makes a token at its first start, shows it once, and answers nobody without', async () => {
    expect(settings).toMatchObject({ HOST: '0.0.0.0', FIRST_TOKEN: '1' });
    const first = await startGatewayProcess(settings);
    const [token = ''] = /tailrace_[\w-]{43}/.exec(first.banner) ?? [];
    await first.stop();
    expect((await stat(join(folder, 'tokens'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'tokens'), 'utf8')).not.toContain(token);

    const second = await startGatewayProcess(settings);
    const url = second.url.replace('0.0.0.0', '127.0.0.1');
    try {
      expect(second.banner).not.toMatch(/tailrace_/);
      const client = createClient({ url, token });
      expect((await client.ingest({ message: 'm' })).accepted).toBe(1);
      expect(await send(url, 'GET', '/logs', {})).toBe(401);
      expect(await send(url, 'DELETE', '/logs', { authorization: `Bearer ${token}` })).toBe(200);
      const rebound = { host: 'rebind.evil.example', authorization: `Bearer ${token}` };
      expect(await send(url, 'GET', '/logs', rebound)).toBe(403);
    } finally {
      await second.stop();
    }
  });
});
