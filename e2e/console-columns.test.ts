import { createClient } from '@tailrace/client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { browserAbsence, openPage, seriousFindings, startBrowser } from './testing/browser.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { describeUnless, testUnless } from './testing/test-unless.js';

const absence = browserAbsence();
const test = (title: string, run: () => Promise<void>, timeoutMs = 180_000) =>
  testUnless(absence)(title, run, timeoutMs);
const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 15_000 });

let gateway: GatewayProcess;
let browser: Browser;

describeUnless(absence, 'the list of the console', () => {
  beforeAll(async () => {
    [gateway, browser] = await Promise.all([startGatewayProcess(), startBrowser()]);
    await createClient({ url: gateway.url }).ingest([
      { component: 'shop', message: 'first', data: { order: { id: 7 }, 'odd.name': { in: 'it' } } },
      { method: 'GET', path: '/a', status_code: 503, response_time_ms: 1_800, client_ip: '192.0.2.1' },
    ]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });
  const open = (path = '', options = {}) => openPage(browser, `${gateway.url}/${path}`, options);

  test('is a table with the columns one chooses, in their order, and a link shows the same', async () => {
    const { page, troubles, close } = await open();
    await page.locator('.row').first().waitFor();
    await page.getByRole('button', { name: 'Table' }).click();
    const heads = (of = page) => of.getByRole('columnheader').allTextContents();
    await soon(() => heads()).toContain('status');
    await page.getByRole('button', { name: 'Columns' }).click();
    for (const name of ['component', 'client_ip', 'path']) {
      await page.getByRole('button', { name: `Remove column ${name}` }).click();
    }
    for (const name of ['data.order.id', 'data.odd.name.in']) {
      await page.getByLabel('Add a field').fill(name);
      await page.keyboard.press('Enter');
    }
    await page.getByRole('button', { name: 'Move data.order.id to the left' }).click();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    const chosen = [
      'time',
      'level',
      'status',
      'method',
      'took',
      'data.order.id',
      'message',
      'data.odd.name.in',
    ];
    await soon(() => heads()).toEqual(chosen);
    const cells = page.locator('.row', { hasText: 'first' }).getByRole('gridcell');
    expect((await cells.allTextContents()).slice(1)).toEqual(['INFO', '', '', '', '7', 'first', 'it']);
    const again = await openPage(browser, page.url());
    await soon(() => heads(again.page)).toEqual(chosen);
    await again.close();
    await page
      .getByRole('columnheader', { name: 'took' })
      .dragTo(page.getByRole('columnheader', { name: 'level' }));
    await soon(async () => (await heads()).slice(0, 3)).toEqual(['time', 'took', 'level']);
    expect(troubles).toEqual([]);
    await close();
  });

  test('a value of an entry becomes a column, and keys change the form', async () => {
    const { page, close } = await open();
    await page.locator('.row', { hasText: 'first' }).click();
    await page.getByRole('button', { name: 'Show data.order.id as a column' }).click();
    await soon(() => page.locator('.row', { hasText: 'first' }).textContent()).toContain('7');
    await page.keyboard.press('Escape');
    for (const [key, form] of [
      ['t', 'table'],
      ['w', 'wrap'],
      ['w', 'line'],
    ]) {
      await page.keyboard.press(key as string);
      await page.locator(`.list.${form}`).waitFor();
    }
    expect(new URL(page.url()).searchParams.get('form')).toBeNull();
    await close();
  });

  test('names in an address that no entry has are left out', async () => {
    const { page, close } = await open('?form=table&column=nothing&column=level&column=level');
    await soon(() => page.getByRole('columnheader').allTextContents()).toEqual(['level']);
    await close();
  });
});
