import type { Browser } from 'playwright-core';
import { openPage } from './page-times.js';

/** What scrolling was like. */
export interface Scrolled {
  /** Rows that were loaded. */
  readonly rows: number;
  /** Milliseconds between one frame and the next. */
  readonly frames: readonly number[];
}

const SCROLLED_MS = 10_000;
/** Pixels a frame: 40 rows, faster than anybody reads. */
const STEP = 960;

/** Loads so many rows as a reader would, by going to the end again and again, and scrolls through them without a stop. */
export async function scrollRows(browser: Browser, url: string, rows: number): Promise<Scrolled> {
  const page = await openPage(browser);
  await page.goto(url);
  await page.locator('.row').first().waitFor();
  const loaded = await page.evaluate(`new Promise((resolve) => {
    const list = document.querySelector('.list');
    let lastCount = 0;
    let lastChange = performance.now();
    const go = () => {
      const count = Number(list.getAttribute('aria-rowcount'));
      if (count !== lastCount) lastChange = performance.now();
      lastCount = count;
      if (count >= ${rows} || performance.now() - lastChange > 20_000) return resolve(count);
      list.scrollTo(0, list.scrollHeight);
      setTimeout(go, 20);
    };
    go();
  })`);
  const frames = (await page.evaluate(`new Promise((resolve) => {
    const list = document.querySelector('.list');
    const frames = [];
    list.scrollTo(0, 0);
    const started = performance.now();
    let last = started;
    const step = (now) => {
      frames.push(now - last);
      last = now;
      list.scrollBy(0, ${STEP});
      if (now - started < ${SCROLLED_MS}) requestAnimationFrame(step);
      else resolve(frames.slice(2));
    };
    requestAnimationFrame(step);
  })`)) as number[];
  await page.context().close();
  return { rows: Number(loaded), frames };
}
