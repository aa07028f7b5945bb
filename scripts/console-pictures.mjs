/**
 * Makes docs/pictures/console.png and console-oauth.png: the console with what the demos log.
 *
 * `node scripts/console-pictures.mjs`, after a build, on a machine that has chromium. It starts a gateway and the demos on free
 * ports; nothing is made up.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './publishable.mjs';

const { chromium } = createRequire(join(ROOT, 'e2e/package.json'))('playwright-core');
const DEMO_MS = 45_000;
const SIZE = { width: 1280, height: 760 };

const start = (path, settings) =>
  spawn(process.execPath, [join(ROOT, path)], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const gateway = start('apps/gateway/dist/main.js', { PORT: '0', ENGINE_PORT: '0', DATA_DIR: '' });
let banner = '';
while (!/\n\n$/.test(banner)) banner += (await once(gateway.stdout, 'data'))[0];
const url = /listens on +(\S+)/.exec(banner)[1];

const logins = start('apps/demo/dist/oauth/main.js', { TAILRACE_URL: url });
const traffic = start('apps/demo/dist/main.js', { TAILRACE_URL: url });
traffic.stdout.resume();
logins.stdout.resume();
await new Promise((resolve) => setTimeout(resolve, DEMO_MS));

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
await picture('?hours=0.05&status=400-599', '.row >> nth=3', 'light', 'console.png');
await picture('?view=flows&hours=1', 'button:has-text("failed") >> nth=2', 'dark', 'console-oauth.png');
await browser.close();
traffic.kill();
logins.kill();
gateway.kill('SIGTERM');

async function picture(query, opened, colorScheme, name) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme });
  await page.goto(`${url}/${query}`);
  await page.locator(opened).first().click();
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(ROOT, 'docs/pictures', name) });
  await page.close();
}
