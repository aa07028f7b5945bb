import { existsSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's. */
const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @returns why no page can be opened here */
export function browserAbsence(): string | undefined {
  return existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is missing; apt-get install chromium`;
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

/** A page, and all that went wrong in it or left for another host. */
export interface WatchedPage {
  readonly page: Page;
  /** What its console and its errors said, and requests to other hosts. */
  readonly troubles: string[];
  close(): Promise<void>;
}

/** Opens a page in a profile of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1440, height = 900, scheme = 'light' as 'light' | 'dark' } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
  });
  page.on('request', (asked) => {
    if (new URL(asked.url()).host !== new URL(url).host) troubles.push(`asks ${asked.url()}`);
  });
  await page.goto(url);
  return { page, troubles, close: () => context.close() };
}

/** What axe-core finds serious or critical, a line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Past the page's own policy: it is the test that puts this script there.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: AXE });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ target, any }) => target + ' ' + (any[0]?.message ?? '')).slice(0, 4).join(' | '))))`,
    awaitPromise: true,
  });
  return JSON.parse(String(result.value)) as string[];
}

/** A proxy that serves a gateway under a path prefix, as a path of another site. */
export async function startPrefixProxy(
  gateway: string,
  prefix: string,
): Promise<{ url: string; stop(): void }> {
  const target = new URL(gateway);
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '';
    if (!path.startsWith(`${prefix}/`)) return outgoing.writeHead(404).end();
    const sent = request(
      {
        host: target.hostname,
        port: target.port,
        path: path.slice(prefix.length),
        method: incoming.method,
        headers: incoming.headers,
      },
      (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(outgoing);
      },
    );
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
    return undefined;
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${prefix}/`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
