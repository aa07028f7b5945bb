import type { EntryDraft } from '@tailrace/api';
import { createClient } from '@tailrace/client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  browserAbsence,
  openPage,
  seriousFindings,
  startBrowser,
  startPrefixProxy,
} from './testing/browser.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { describeUnless, testUnless } from './testing/test-unless.js';

const absence = browserAbsence();
/** A browser on a busy machine takes its time. */
const test = (title: string, run: () => Promise<void>, timeoutMs = 180_000) =>
  testUnless(absence)(title, run, timeoutMs);

const HOSTILE = [
  '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>',
  '\u001b[31mred\u001b[0m \u202Egnp.exe\u202C zero\u200Bwidth\uFEFF',
].join(' ');

/** Looks until it is so. */
const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 15_000 });

let gateway: GatewayProcess;
let browser: Browser;

describeUnless(absence, 'the console', () => {
  beforeAll(async () => {
    [gateway, browser] = await Promise.all([startGatewayProcess(), startBrowser()]);
    const client = createClient({ url: gateway.url });
    const requests = Array.from(
      { length: 900 },
      (_, i): EntryDraft => ({
        timestamp: Date.now() - 600_000 + i * 500,
        method: i % 3 === 0 ? 'POST' : 'GET',
        path: `/orders/${i}`,
        status_code: i % 10 === 0 ? 500 : 200,
        response_time_ms: i,
        client_ip: `192.0.2.${i % 20}`,
        user_id: `user-${i % 5}`,
        trace_id: `trace-${Math.floor(i / 3)}`,
        message: `request number ${i}`,
      }),
    );
    await client.ingest(requests);
    await client.ingest([
      {
        component: 'billing',
        level: 'ERROR',
        message: 'the order cannot be paid',
        data: { order: { id: 7, plan: 'free' } },
        error: {
          type: 'PaymentError',
          message: 'declined',
          stack: 'PaymentError: declined\n    at pay (pay.js:1:1)',
          cause: { type: 'Error', message: 'timed out' },
        },
      },
      { component: 'hostile', message: HOSTILE, data: { '<b>name</b>': HOSTILE } },
      { component: 'hostile', message: `long ${'x'.repeat(1_000_000)}` },
    ]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  const open = (path = '', options = {}) => openPage(browser, `${gateway.url}/${path}`, options);

  test('shows the newest entries, more as one scrolls, and asks no other host', async () => {
    const { page, troubles, close } = await open();
    await soon(() => page.locator('.row').count()).toBeGreaterThan(5);
    const list = page.locator('.list');
    await list.evaluate((element) => element.scrollTo(0, 200 * 24));
    await soon(async () => Number(await list.getAttribute('aria-rowcount'))).toBeGreaterThan(600);
    expect(await page.locator('.row').count()).toBeLessThan(120);
    expect(troubles).toEqual([]);
    await close();
  });

  test('a search, its chips and Back: all of it is in the address', async () => {
    const { page, troubles, close } = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('status:500 method:POST');
    await page.keyboard.press('Enter');
    await soon(() => page.locator('.chip').count()).toBe(2);
    await soon(() => page.locator('.histogram strong').textContent()).toBe('30 entries');
    await page.getByRole('button', { name: 'method = POST: negate' }).click();
    await soon(() => page.locator('.histogram strong').textContent()).toBe('60 entries');
    const again = await openPage(browser, page.url());
    await soon(() => again.page.locator('.histogram strong').textContent()).toBe('60 entries');
    await again.close();
    await page.goBack();
    await soon(() => page.locator('.histogram strong').textContent()).toBe('30 entries');
    await page.getByRole('button', { name: 'Remove status 500' }).click();
    await soon(() => page.locator('.histogram strong').textContent()).toBe('300 entries');
    expect(troubles).toEqual([]);
    await close();
  });

  test('an entry is opened by the keyboard, and its values filter', async () => {
    const { page, troubles, close } = await open('?component=billing');
    await soon(() => page.locator('.row').count()).toBe(1);
    await page.keyboard.press('j');
    const panel = page.locator('.panel');
    await soon(() => panel.textContent()).toContain('at pay (pay.js:1:1)');
    expect(await panel.textContent()).toContain('caused by');
    await panel.getByRole('button', { name: 'Only data.order.id 7' }).click();
    expect(new URL(page.url()).searchParams.get('data.order.id')).toBe('7');
    await soon(() => page.locator('.row').count()).toBe(1);
    await page.keyboard.press('Escape');
    await soon(() => panel.count()).toBe(0);
    expect(troubles).toEqual([]);
    await close();
  });

  test('a facet filters, and a typed time is understood', async () => {
    const { page, close } = await open();
    await page
      .locator('.facet', { hasText: 'component' })
      .getByRole('button', { name: 'billing', exact: false })
      .first()
      .click();
    await soon(() => page.locator('.row').count()).toBe(1);
    await page.locator('.time-picker > button').click();
    await page.getByLabel('Or type it').fill('yesterday-ish');
    await page.keyboard.press('Enter');
    await soon(() => page.locator('#time-hint').textContent()).toContain('Not understood');
    await page.getByLabel('Or type it').fill('2020-01-01');
    await page.keyboard.press('Enter');
    await soon(() => page.locator('.state h2').textContent()).toBe('No entries');
    await close();
  });

  test('what is logged stays text, whatever it is', async () => {
    const { page, troubles, close } = await open('?component=hostile');
    await soon(() => page.locator('.row').count()).toBe(2);
    await page.keyboard.press('j');
    await soon(() => page.locator('.panel').textContent()).toContain('more characters');
    await page.keyboard.press('j');
    await soon(() => page.locator('.panel .message').textContent()).toContain('<script>');
    const text = (await page.locator('.panel').textContent()) ?? '';
    expect(text).toContain('␛[31mred');
    expect(text).toContain('‹U+202E›gnp.exe');
    expect(text).toContain('zero‹U+200B›width');
    expect(await page.locator('.panel img, .panel script, .row img, .panel b').count()).toBe(0);
    expect(await page.title()).toBe('Tailrace');
    expect(troubles).toEqual([]);
    await close();
  });

  test('it works under a path prefix', async () => {
    const proxy = await startPrefixProxy(gateway.url, '/tools/logs');
    const { page, troubles, close } = await openPage(browser, `${proxy.url}?component=billing`);
    await soon(() => page.locator('.row').count()).toBe(1);
    expect(troubles).toEqual([]);
    await close();
    proxy.stop();
  });

  test('a gateway that does not answer is told, and found again', async () => {
    const other = await startGatewayProcess();
    const { page, close } = await openPage(browser, `${other.url}/`);
    await soon(() => page.locator('.state h2').textContent()).toBe('No entries');
    await page.context().setOffline(true);
    await page.keyboard.press('r');
    await soon(() => page.locator('.state h2').textContent()).toBe('No connection to the gateway');
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await soon(() => page.locator('.state h2').textContent()).toBe('No entries');
    await close();
    await other.stop();
  });

  test('axe-core finds nothing serious in any view, theme and width', async () => {
    const found: string[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      for (const [width, path] of [
        [1440, '?min_level=ERROR'],
        [390, ''],
        [1440, '?component=nothing'],
        [1440, '?view=flows'],
        [1024, '?view=overview'],
        [1440, '?live'],
      ] as const) {
        const { page, close } = await open(path, { width, scheme });
        await page.locator('.row, .state, .tile').first().waitFor();
        if (path === '?min_level=ERROR') await page.keyboard.press('j');
        for (const finding of await seriousFindings(page))
          found.push(`${scheme} ${width} ${path} ${finding}`);
        await close();
      }
    }
    expect(found).toEqual([]);
  }, 300_000);
});
