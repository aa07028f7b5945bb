import type { EntryDraft } from '@tailrace/api';
import { createClient } from '@tailrace/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { browserAbsence, openPage, startBrowser } from './testing/browser.js';
import { startGatewayProcess } from './testing/gateway-process.js';
import { describeUnless, testUnless } from './testing/test-unless.js';

const absence = browserAbsence();
const test = (title: string, run: () => Promise<void>, timeoutMs = 120_000) =>
  testUnless(absence)(title, run, timeoutMs);
const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 30_000 });

let browser: Browser;

const notes = (page: Page) =>
  page
    .locator('.note')
    .allTextContents()
    .then((all) => all.join('\n'));

describeUnless(absence, 'the console, live', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  }, 180_000);
  afterAll(() => browser?.close());

  test('selecting text pauses, nothing moves under the selection, and what waits is counted', async () => {
    const gateway = await startGatewayProcess();
    const client = createClient({ url: gateway.url });
    await client.ingest(Array.from({ length: 20 }, (_, i) => ({ message: `words to copy ${i}` })));
    const { page, troubles, close } = await openPage(browser, `${gateway.url}/?live`);
    const said = page.locator('.row .said').nth(3);
    await soon(() => said.textContent()).toContain('words to copy');
    const box = await said.boundingBox();
    if (box === null) throw new Error('the row is not in sight');
    await page.mouse.move(box.x + 1, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + box.height / 2, { steps: 6 });
    await soon(() => page.locator('.results .count').textContent()).toContain('Paused');
    await page.mouse.up();
    const selected = await page.evaluate('getSelection().toString()');
    expect(String(selected).length).toBeGreaterThan(4);
    await client.ingest([{ message: 'came meanwhile' }, { message: 'and this' }]);
    const resume = page.getByRole('button', { name: '2 wait: show them' });
    await resume.waitFor();
    expect(await page.evaluate('getSelection().toString()')).toBe(selected);
    expect(await page.locator('.panel').count()).toBe(0);
    await resume.click();
    await soon(() => page.locator('.row').first().textContent()).toContain('and this');
    expect(troubles).toEqual([]);
    await close();
    await gateway.stop();
  });

  test('a filter stays on when live is switched on and off, and errors while nobody looks are counted in the title', async () => {
    const gateway = await startGatewayProcess();
    const client = createClient({ url: gateway.url });
    const { page, close } = await openPage(browser, `${gateway.url}/?component=pay`);
    await page.getByRole('button', { name: 'Live' }).click();
    await soon(() => page.locator('.results .count').textContent()).toContain('Following');
    await client.ingest([
      { component: 'pay', level: 'ERROR', message: 'seen' },
      { component: 'other', level: 'ERROR', message: 'not asked for' },
    ]);
    await soon(() => page.locator('.row').allTextContents()).toHaveLength(1);
    expect(await page.title()).toBe('Tailrace');
    const hide = (isHidden: boolean) =>
      page.evaluate(`
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} });
        document.dispatchEvent(new Event('visibilitychange'));`);
    await hide(true);
    await client.ingest([
      { component: 'pay', level: 'ERROR', message: 'one' },
      { component: 'pay', level: 'INFO', message: 'fine' },
      { component: 'pay', level: 'CRITICAL', message: 'two' },
    ]);
    await soon(() => page.title()).toBe('(2) Tailrace');
    await hide(false);
    await soon(() => page.title()).toBe('Tailrace');
    await page.getByRole('button', { name: 'Live' }).click();
    expect(new URL(page.url()).searchParams.get('component')).toBe('pay');
    await soon(() => page.locator('.row').count()).toBe(4);
    await close();
    await gateway.stop();
  });

  test('a page that reads too slowly is told how many entries were left out', async () => {
    const gateway = await startGatewayProcess();
    const client = createClient({ url: gateway.url });
    const { page, close } = await openPage(browser, `${gateway.url}/?live`);
    await soon(() => page.locator('.results .count').textContent()).toContain('Following');
    const debug = await page.context().newCDPSession(page);
    await debug.send('Debugger.enable');
    const paused = new Promise((resolve) => debug.once('Debugger.paused', resolve));
    await debug.send('Debugger.pause');
    await client.ingest([{ message: 'wakes the page, which stands still at once' }]);
    await paused;
    // 48 MB: more than the buffers of gateway, kernel and browser take together.
    const large = Array.from({ length: 100 }, (): EntryDraft => ({ message: 'x'.repeat(20_000) }));
    for (let written = 0; written < 2_400; ) {
      // On a busy machine the engine may be too late for a batch.
      written += await client.ingest(large).then(
        ({ accepted }) => accepted,
        () => 0,
      );
    }
    await debug.send('Debugger.resume');
    await debug.send('Debugger.disable');
    await soon(() => notes(page)).toMatch(/\d matching entries were left out/);
    await client.ingest([{ message: 'the last' }]);
    await soon(() => page.locator('.row').first().textContent()).toContain('the last');
    await close();
    await gateway.stop();
  }, 300_000);

  test('a store that was begun anew is a gap in the list, and following goes on', async () => {
    const gateway = await startGatewayProcess({ DATA_DIR: '' });
    await createClient({ url: gateway.url }).ingest([{ message: 'before' }]);
    const { page, close } = await openPage(browser, `${gateway.url}/?live`);
    await soon(() => page.locator('.row').count()).toBe(1);
    await gateway.stop();
    await soon(() => notes(page)).toContain('lost');
    const again = await startGatewayProcess({ DATA_DIR: '', PORT: new URL(gateway.url).port });
    await soon(() => notes(page)).toContain('Gap: the stream was begun anew');
    await createClient({ url: again.url }).ingest([{ message: 'after' }]);
    await soon(() =>
      page
        .locator('.row')
        .allTextContents()
        .then((all) => all.join()),
    ).toContain('after');
    await close();
    await again.stop();
  });
});
