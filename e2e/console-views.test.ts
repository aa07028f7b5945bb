import { createClient } from '@tailrace/client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { browserAbsence, openPage, seriousFindings, startBrowser } from './testing/browser.js';
import { startGatewayProcess } from './testing/gateway-process.js';
import { describeUnless, testUnless } from './testing/test-unless.js';
import { madeToken } from './testing/tokens.js';

const absence = browserAbsence();
const test = testUnless(absence);
/** Looks until it is so: a browser on a busy machine takes its time. */
const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 20_000 });

let browser: Browser;

describeUnless(absence, 'the views of the console', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  }, 180_000);
  afterAll(() => browser?.close());

  test('live: scrolling away pauses, what waits is counted, a gateway that restarts is told', async () => {
    const gateway = await startGatewayProcess();
    const write = (name: string, count: number) =>
      createClient({ url: gateway.url }).ingest(
        Array.from({ length: count }, (_, i) => ({ component: 'live', message: `${name} ${i}` })),
      );
    await write('early', 150);
    await write('other', 1);
    const { page, close } = await openPage(browser, `${gateway.url}/?live&component=live`);
    const list = page.locator('.list');
    await soon(() => list.getAttribute('aria-rowcount')).toBe('151');
    await write('fresh', 1);
    await soon(() => page.locator('.row').first().textContent()).toContain('fresh 0');
    await list.evaluate((element) => element.scrollTo(0, 600));
    await soon(() => page.locator('.results .count').textContent()).toContain('Paused');
    await write('late', 3);
    const resume = page.getByRole('button', { name: '3 wait: show them' });
    await resume.waitFor();
    expect(await list.getAttribute('aria-rowcount')).toBe('152');
    await resume.click();
    await soon(() => page.locator('.row').first().textContent()).toContain('late 2');
    expect(await list.getAttribute('aria-rowcount')).toBe('155');

    await gateway.stop();
    await soon(() =>
      page
        .locator('.note')
        .allTextContents()
        .then((all) => all.join()),
    ).toContain('lost');
    const again = await startGatewayProcess({ PORT: new URL(gateway.url).port });
    await soon(() =>
      page
        .locator('.note')
        .allTextContents()
        .then((all) => all.join()),
    ).toContain('Connected again');
    await close();
    await again.stop();
  }, 180_000);

  test('sign-in: a wrong token and one without rights are refused, a right one reads until one signs out', async () => {
    const [reader, writer] = (['read', 'write'] as const).map(madeToken);
    const gateway = await startGatewayProcess({ LOG_TOKENS: `${reader?.line};${writer?.line}` });
    await createClient({ url: gateway.url, token: writer?.token }).ingest([{ message: 'only for readers' }]);
    const { page, close } = await openPage(browser, `${gateway.url}/?q=readers`);
    const token = page.getByLabel('Token');
    for (const [given, said] of [
      ['tailrace_wrong', 'not known here'],
      [writer?.token ?? '', 'does not allow to read'],
    ] as const) {
      await token.fill(given);
      await page.keyboard.press('Enter');
      await soon(() => page.locator('#refusal').textContent()).toContain(said);
    }
    expect(await seriousFindings(page)).toEqual([]);
    await token.fill(reader?.token ?? '');
    await page.keyboard.press('Enter');
    await soon(() => page.locator('.row').allTextContents()).toHaveLength(1);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', value: reader?.token });
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.reload();
    await soon(() => page.locator('.row').allTextContents()).toHaveLength(1);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await token.waitFor();
    expect(await page.context().cookies()).toEqual([]);
    await close();
    await gateway.stop();
  }, 180_000);

  test('OAuth flows: the failing step, its diagnosis and the section of the RFC', async () => {
    const gateway = await startGatewayProcess();
    const shared = { client_id: 'web', user_id: 'barbara', session_id: 's-1', client_ip: '192.0.2.9' };
    const step = (
      name: string,
      outcome: 'success' | 'failure',
      oauth: Record<string, string>,
      after: number,
    ) => ({
      ...shared,
      timestamp: Date.now() - 60_000 + after,
      component: name === 'callback' ? 'shop' : 'provider',
      event: `oauth.${name}`,
      outcome,
      message: `OAuth ${name}`,
      data: { oauth: { state: 'a-state-of-this-login', ...oauth } },
    });
    await createClient({ url: gateway.url }).ingest([
      step('authorize', 'success', { code: 'a-code-of-this-login', code_challenge_method: 'S256' }, 0),
      step('callback', 'success', { code: 'a-code-of-this-login' }, 40),
      step(
        'token',
        'failure',
        { code: 'a-code-of-this-login', error: 'invalid_grant', error_detail: 'PKCE verification failed' },
        80,
      ),
    ]);
    const { page, troubles, close } = await openPage(browser, `${gateway.url}/?view=flows`);
    await page.locator('.flow-item').first().click();
    await soon(() => page.locator('.step').count()).toBe(3);
    expect(await page.locator('.step.failing').textContent()).toContain('invalid_grant');
    expect(await page.locator('.diagnosis').textContent()).toContain('code_verifier');
    expect(await page.locator('.diagnosis a').getAttribute('href')).toContain('rfc7636');
    await page.locator('.step.failing button').click();
    expect(await page.locator('.step-detail').textContent()).toContain('PKCE verification failed');
    expect(await seriousFindings(page)).toEqual([]);
    expect(troubles).toEqual([]);
    await close();
    await gateway.stop();
  }, 180_000);

  test('the overview has the figures, and its rows lead to their entries', async () => {
    const gateway = await startGatewayProcess();
    await createClient({ url: gateway.url }).ingest(
      Array.from({ length: 40 }, (_, i) => ({
        method: 'GET',
        path: i % 4 === 0 ? '/slow' : '/fast',
        status_code: i % 4 === 0 ? 503 : 200,
        response_time_ms: i % 4 === 0 ? 2_000 : 5,
        client_ip: '192.0.2.1',
      })),
    );
    const { page, troubles, close } = await openPage(browser, `${gateway.url}/?view=overview`);
    await soon(() => page.locator('.tiles').textContent()).toContain('25.0 %');
    expect(await page.locator('.card', { hasText: 'Engine' }).textContent()).toContain('one server');
    const failing = page.locator('.card', { hasText: 'Most failing paths' });
    await failing.getByRole('button').first().click();
    await soon(() => page.locator('.list').getAttribute('aria-rowcount')).toBe('10');
    expect(troubles).toEqual([]);
    await close();
    await gateway.stop();
  }, 180_000);
});
