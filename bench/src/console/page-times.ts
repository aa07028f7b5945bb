import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';

const OPENINGS = 9;
export const VIEWPORT = { width: 1440, height: 900 };

/** Bytes of all scripts the page loads, as the gateway sends them to a browser. */
export async function javaScriptBytes(url: string): Promise<number> {
  const html = await (await fetch(`${url}/`)).text();
  const paths = [...html.matchAll(/(?:src|href)="\.?\/?([^"]+\.js)"/g)].map(([, path]) => path as string);
  let bytes = 0;
  for (const path of paths) {
    const script = await (await fetch(`${url}/${path}`)).arrayBuffer();
    bytes += gzipSync(Buffer.from(script), { level: 9 }).byteLength;
  }
  return bytes;
}

/** Milliseconds from the start of the navigation to the frame in which the first entries are seen. */
export async function firstPaints(browser: Browser, url: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    const page = await openPage(browser);
    await page.addInitScript(`
      const look = () => {
        if (document.querySelector('.row') === null) return requestAnimationFrame(look);
        requestAnimationFrame(() => { globalThis.firstPaint = performance.now(); });
      };
      requestAnimationFrame(look);`);
    await page.goto(url);
    await page.waitForFunction('globalThis.firstPaint !== undefined');
    times.push(Number(await page.evaluate('globalThis.firstPaint')));
    await page.context().close();
  }
  return times;
}

/** Milliseconds from a click on a counted value to the frame in which its entries are seen. */
export async function filterTimes(browser: Browser, url: string): Promise<number[]> {
  const page = await openPage(browser);
  await page.goto(url);
  await page.locator('.facet .pick').nth(8).waitFor();
  const times: number[] = [];
  for (let i = 0; i < 12; i++) {
    const place = (i * 3) % 14;
    await settled(page);
    // In the page itself, so that the way from here to the browser is not measured.
    const ms = await page.evaluate(`new Promise((resolve) => {
      const before = document.querySelector('.rows').textContent;
      const started = performance.now();
      document.querySelectorAll('.facet .pick')[${place}].click();
      const look = () => {
        const isLoading = document.querySelector('.list').getAttribute('aria-busy') === 'true';
        const isSame = document.querySelector('.rows').textContent === before;
        const isLate = performance.now() - started > 10_000;
        if ((isLoading || isSame) && !isLate) return requestAnimationFrame(look);
        requestAnimationFrame(() => resolve(performance.now() - started));
      };
      requestAnimationFrame(look);
    })`);
    times.push(Number(ms));
    await settled(page);
    await page.getByRole('button', { name: 'Clear all' }).click();
  }
  await page.context().close();
  return times;
}

export async function openPage(browser: Browser): Promise<Page> {
  // Playwright waits by text that the page's policy would not let run.
  const context = await browser.newContext({ viewport: VIEWPORT, bypassCSP: true });
  return context.newPage();
}

/** Waits until list, chart and counts are there. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(`document.querySelector('.list').getAttribute('aria-busy') !== 'true'`);
  await page.waitForLoadState('networkidle');
}
