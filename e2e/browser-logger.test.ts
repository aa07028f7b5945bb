import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { tokenDigest, tokenLine, tokenOf } from '@tailrace/api';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserAbsence, startBrowser } from './testing/browser.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { repositoryPath } from './testing/repository.js';
import { describeUnless } from './testing/test-unless.js';

let script: string;
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [repositoryPath('packages/client/dist/browser.js')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
  });
  script = outputFiles[0]?.text ?? '';
});

test('a logger for pages takes 2 KB', () => {
  expect(gzipSync(script).length).toBeLessThan(2_048);
});

describeUnless(browserAbsence(), 'a page that logs', () => {
  const [writer, reader] = [tokenOf(Buffer.alloc(32, 1)), tokenOf(Buffer.alloc(32, 2))];
  let browser: Browser;
  let site: Server;
  let origin: string;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    site = createServer((request, response) => {
      const isScript = request.url === '/browser.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? script : '<!doctype html><title>shop</title>');
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const known = [
      { name: 'page', scopes: ['write'] as const, digest: tokenDigest(writer) },
      { name: 'reader', scopes: ['read'] as const, digest: tokenDigest(reader) },
    ];
    gateway = await startGatewayProcess({
      ALLOWED_ORIGINS: origin,
      LOG_TOKENS: known.map(tokenLine).join(';'),
    });
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
    site?.close();
  });

  async function found(
    component: string,
  ): Promise<{ message: string; level: string; data: { page: string }; error?: object }[]> {
    const headers = { authorization: `Bearer ${reader}` };
    const response = await fetch(`${gateway.url}/logs?component=${component}`, { headers });
    return ((await response.json()) as { logs: never[] }).logs;
  }

  async function open(component: string, intervalMs: number) {
    const page = await browser.newPage();
    await page.goto(`${origin}/cart#part`);
    const options = { url: gateway.url, token: writer, component, intervalMs };
    await page.evaluate(
      `import('/browser.js').then(({ createBrowserLogger }) => { window.logger = createBrowserLogger(${JSON.stringify(options)}); })`,
    );
    return page;
  }

  test('has its entries and its errors stored, by a token that may only write', async () => {
    const page = await open('shop', 50);
    await page.evaluate(
      `logger.log('WARNING', 'stock is low', { user_id: 'ann', item: 7 }); logger.captureErrors()`,
    );
    await page.evaluate(
      `setTimeout(() => { throw new TypeError('no such cart'); }); Promise.reject(new Error('not caught')); 1`,
    );
    await expect.poll(() => found('shop'), { timeout: 15_000 }).toHaveLength(3);
    const logs = await found('shop');
    expect(logs[0]).toMatchObject({
      level: 'WARNING',
      message: 'stock is low',
      data: { page: `${origin}/cart`, item: 7 },
    });
    expect(logs.map(({ error }) => error)).toContainEqual(
      expect.objectContaining({ type: 'TypeError', message: 'no such cart' }),
    );
    await page.close();
  }, 60_000);

  test('has what waits stored when it is closed', async () => {
    const page = await open('closed', 600_000);
    await page.evaluate(`for (let i = 0; i < 150; i++) logger.log('INFO', 'line ' + i)`);
    await page.goto('about:blank');
    await expect
      .poll(() => found('closed').then((logs) => logs.length), { timeout: 15_000 })
      .toBeGreaterThanOrEqual(100);
    await page.close();
  }, 60_000);

  test('has each entry stored once, though replies are lost and it sends again', async () => {
    const page = await open('retried', 50);
    let lost = 0;
    await page.route('**/logs', async (route) => {
      if (route.request().method() !== 'POST' || lost >= 2) return route.continue();
      lost += 1;
      await route.fetch();
      await route.abort();
    });
    await page.evaluate(`for (let i = 0; i < 20; i++) logger.log('INFO', 'line ' + i)`);
    await expect.poll(() => lost, { timeout: 15_000 }).toBe(2);
    await page.evaluate('logger.flush().then(() => logger.flush())');
    expect(await found('retried')).toHaveLength(20);
    await page.close();
  }, 60_000);
});
