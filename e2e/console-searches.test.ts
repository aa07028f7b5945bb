import { createClient } from '@tailrace/client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { browserAbsence, openPage, seriousFindings, startBrowser } from './testing/browser.js';
import { startGatewayProcess } from './testing/gateway-process.js';
import { describeUnless, testUnless } from './testing/test-unless.js';
import { madeToken } from './testing/tokens.js';

const absence = browserAbsence();
const test = (title: string, run: () => Promise<void>, timeoutMs = 180_000) =>
  testUnless(absence)(title, run, timeoutMs);
const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 15_000 });

let browser: Browser;

describeUnless(absence, 'saved searches of the console', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  }, 180_000);
  afterAll(() => browser?.close());

  test('a search gets a name, and another browser finds it, shows it and removes it', async () => {
    const gateway = await startGatewayProcess();
    await createClient({ url: gateway.url }).ingest([
      { level: 'ERROR', message: 'failed' },
      { level: 'INFO', message: 'well' },
    ]);
    const first = await openPage(
      browser,
      `${gateway.url}/?level=ERROR&form=table&column=message&column=level`,
    );
    await first.page.getByRole('button', { name: 'Saved' }).click();
    await first.page.getByLabel('Save what is shown as').fill('<b>errors</b> & co / 100 %');
    await first.page.keyboard.press('Enter');
    await soon(() => first.page.getByLabel('Save what is shown as').count()).toBe(0);
    expect(first.troubles).toEqual([]);
    await first.close();

    const { page, troubles, close } = await openPage(browser, `${gateway.url}/`);
    await soon(() => page.locator('.row').count()).toBe(2);
    await page.getByRole('button', { name: 'Saved' }).click();
    const saved = page.getByRole('button', { name: '<b>errors</b> & co / 100 %', exact: true });
    await saved.waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await saved.click();
    await soon(() => page.locator('.row').allTextContents()).toEqual(['failedERROR']);
    await page.goBack();
    await soon(() => page.locator('.row').count()).toBe(2);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('saved: errors');
    await page.keyboard.press('Enter');
    await soon(() => page.locator('.row').count()).toBe(1);
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByRole('button', { name: /Remove the saved search/ }).click();
    await page.getByText('Nothing is saved yet').waitFor();
    expect(troubles).toEqual([]);
    await close();
    await gateway.stop();
  });

  test('whoever may only read opens saved searches and is not offered to change them', async () => {
    const [reader, admin] = (['read', 'admin'] as const).map(madeToken);
    const gateway = await startGatewayProcess({ LOG_TOKENS: `${reader?.line};${admin?.line}` });
    await createClient({ url: gateway.url, token: admin?.token }).ask('PUT /logs/searches/{name}', {
      path: { name: 'given' },
      body: { query: 'level=ERROR' },
    });
    const { page, close } = await openPage(browser, `${gateway.url}/`);
    await page.getByLabel('Token').fill(reader?.token ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByText('needs a token of scope write').waitFor();
    expect(await page.getByRole('button', { name: /Remove the saved search/ }).count()).toBe(0);
    const status = await page.evaluate(async () => {
      const reply = await fetch('logs/searches/given', { method: 'DELETE' });
      return reply.status;
    });
    expect(status).toBe(403);
    await page.getByRole('button', { name: 'given', exact: true }).click();
    await soon(() => new URL(page.url()).searchParams.get('level')).toBe('ERROR');
    await close();
    await gateway.stop();
  });
});
