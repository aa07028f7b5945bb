import type { EntryDraft } from '@tailrace/api';
import { createClient } from '@tailrace/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { browserAbsence, openPage, startBrowser } from './testing/browser.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { describeUnless, testUnless } from './testing/test-unless.js';

const absence = browserAbsence();
const test = (title: string, run: () => Promise<void>, timeoutMs = 120_000) =>
  testUnless(absence)(title, run, timeoutMs);
const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 20_000 });

let gateway: GatewayProcess;
let browser: Browser;

describeUnless(absence, 'the steps of somebody who reads', () => {
  beforeAll(async () => {
    [gateway, browser] = await Promise.all([startGatewayProcess(), startBrowser()]);
    const now = Date.now();
    const client = createClient({ url: gateway.url });
    await client.ingest(
      Array.from(
        { length: 600 },
        (_, i): EntryDraft => ({
          timestamp: now - 3_000_000 + i * 4_800,
          method: 'GET',
          path: `/orders/${i}`,
          status_code: 200,
          response_time_ms: 10 + (i % 10),
          client_ip: '192.0.2.1',
          message: `request ${i}`,
          data: { order: { plan: i % 3 === 0 ? 'pro' : 'free' }, run_id: `run-${i % 2}` },
        }),
      ),
    );
    await client.ingest([
      { timestamp: now - 1_500_100, component: 'worker', message: 'just before' },
      { timestamp: now - 1_500_000, component: 'billing', level: 'ERROR', message: 'the one' },
      { timestamp: now - 1_499_900, component: 'worker', message: 'just after' },
      ...['authorize', 'callback'].map((step, i) => ({
        timestamp: now - 600_000 + i,
        component: 'shop',
        event: `oauth.${step}`,
        outcome: 'success' as const,
        client_id: 'web',
        message: `OAuth ${step}`,
        data: { oauth: { state: 'a-state-of-this-login' } },
      })),
    ]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });
  const open = (path = '', options = {}) => openPage(browser, `${gateway.url}/${path}`, options);
  const total = (page: Page) => page.locator('.histogram strong').textContent();

  test('dragging over the chart zooms into it, Back goes out again, and a class stands alone', async () => {
    const { page, troubles, close } = await open();
    await soon(() => total(page)).toBe('605 entries');
    const box = await page.locator('.u-over').boundingBox();
    if (box === null) throw new Error('there is no chart');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 30, { steps: 8 });
    await page.mouse.up();
    await soon(() => new URL(page.url()).searchParams.has('from')).toBe(true);
    await soon(async () => Number((await total(page))?.split(' ')[0])).toBeLessThan(200);
    const { searchParams } = new URL(page.url());
    const span = Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '');
    expect(span).toBeGreaterThan(300_000);
    expect(span).toBeLessThan(420_000);
    await page.goBack();
    await soon(() => total(page)).toBe('605 entries');
    const alone = page.locator('.legend').getByRole('button', { name: /^ERROR/ });
    await alone.click();
    expect(await alone.getAttribute('aria-pressed')).toBe('true');
    await soon(() => page.locator('.list').getAttribute('aria-rowcount')).toBe('200');
    expect(troubles).toEqual([]);
    await close();
  });

  test('response times are drawn when one asks for them, and a link keeps them', async () => {
    const { page, troubles, close } = await open();
    await page.getByRole('button', { name: 'p50/p95' }).click();
    await soon(() => page.locator('.legend').textContent()).toMatch(/p95 up to 19 ms/);
    const again = await openPage(browser, page.url());
    await soon(() => again.page.locator('.legend').textContent()).toMatch(/p50 up to 1\d ms/);
    await soon(() => again.page.locator('.u-axis').count()).toBe(3);
    await again.close();
    expect(troubles).toEqual([]);
    await close();
  });

  test('any field of data is counted beside the list, and its values and path patterns filter', async () => {
    const { page, troubles, close } = await open();
    await page.getByLabel('Count another field').fill('data.order.plan');
    await page.keyboard.press('Enter');
    const plan = page.locator('.facet', { hasText: 'data.order.plan' });
    await soon(() => plan.locator('.pick').allTextContents()).toEqual(['free400', 'pro200']);
    await plan.getByRole('button', { name: /^pro/ }).click();
    await soon(() => total(page)).toBe('200 entries');
    expect(new URL(page.url()).searchParams.get('data.order.plan')).toBe('pro');
    await page.locator('.facet', { hasText: 'path pattern' }).locator('.pick').first().click();
    await soon(() => page.locator('.chip').count()).toBe(3);
    await soon(() => total(page)).toBe('200 entries');
    await page.getByRole('button', { name: 'Do not count data.order.plan' }).click();
    await soon(() => plan.count()).toBe(0);
    expect(troubles).toEqual([]);
    await close();
  });

  test('an entry leads to what is around it under the filters one wants, to its run and its OAuth flow', async () => {
    const { page, troubles, close } = await open('?component=billing');
    await page.locator('.row').first().click();
    const around = page.getByRole('group', { name: 'Before and after' });
    await around.getByRole('button', { name: 'everything' }).click();
    await soon(() => page.locator('.row.selected').textContent()).toContain('the one');
    await soon(() => page.locator('.rows').textContent()).toContain('just before');
    expect(await page.locator('.rows').textContent()).toContain('just after');
    await around.getByRole('button', { name: 'in this component' }).click();
    await soon(() => page.locator('.row').count()).toBe(1);
    await page.goto(`${gateway.url}/?method=GET`);
    await page.locator('.row').first().click();
    await page.getByRole('button', { name: 'Same run' }).click();
    await soon(() => total(page)).toBe('300 entries');
    await page.goto(`${gateway.url}/?event=oauth.callback`);
    await page.locator('.row').first().click();
    await page.getByRole('button', { name: 'Its OAuth flow' }).click();
    await soon(() => page.locator('.flow-view .step').count()).toBe(2);
    expect(troubles).toEqual([]);
    await close();
  });

  test('every command is found by its name', async () => {
    const { page, troubles, close } = await open();
    await soon(() => total(page)).toBe('605 entries');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('errors only');
    await page.keyboard.press('Enter');
    await soon(() => page.locator('.chip').textContent()).toContain('min_level');
    await soon(() => total(page)).toBe('1 entries');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('entries as table');
    await page.keyboard.press('Enter');
    await page.locator('.list.table').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('no such command');
    await page.keyboard.press('Enter');
    await soon(() => page.locator('dialog').count()).toBe(0);
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    expect(troubles).toEqual([]);
    await close();
  });
});
