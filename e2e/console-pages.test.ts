import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@tailrace/client';
import {
  close as closeLogger,
  configureLogger,
  log_breakglass_activation,
  log_policy_decision,
  log_step_end,
  log_step_start,
  track_cost,
  withRun,
} from '@tailrace/logger';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { browserAbsence, openPage, seriousFindings, startBrowser } from './testing/browser.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { describeUnless, testUnless } from './testing/test-unless.js';
import { madeToken } from './testing/tokens.js';

const absence = browserAbsence();
const test = (title: string, run: () => Promise<void>, timeoutMs = 180_000) =>
  testUnless(absence)(title, run, timeoutMs);
const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 40_000 });

/** It fires on the entries below, and goes on until a person resolves it. */
const RULES = `
channels:
  ops: { type: command, command: ['${process.execPath}', '-e', ''] }
  broken: { type: command, command: [/no/such/program] }
rules:
  - id: many-errors
    name: Many errors
    filter: { level: ERROR }
    threshold: 3
    window: 10s
    every: 10s
    delay: 0s
    keep_firing_for: 1h
    severity: critical
    group_by: [component]
  - id: no-groups
    filter: { component: nobody }
    threshold: 3
    window: 10s
    every: 10s
    delay: 0s
`;
const SQL_ERROR = {
  level: 'ERROR' as const,
  component: 'db',
  error: {
    type: 'DatabaseError',
    message: 'relation "orders" is locked',
    stack: 'x\n    at runQuery (/srv/app/db.js:7:3)',
  },
};

let folder: string;
let gateway: GatewayProcess;
let browser: Browser;
const [reader, writer] = (['read', 'write'] as const).map(madeToken);

async function startWithRules(settings: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> {
  return startGatewayProcess({ ALERT_RULES: join(folder, 'rules.yaml'), ...settings });
}

/** Writes errors until the rule fires on those of one window. */
async function logErrors(url: string, token?: string): Promise<void> {
  const client = createClient({ url, token });
  const ask = createClient({ url, token: token === undefined ? undefined : reader?.token });
  for (;;) {
    await client.ingest(
      Array.from({ length: 6 }, (_, i) => ({ ...SQL_ERROR, message: `query ${i} failed` })),
    );
    if ((await ask.ask('GET /api/alerts')).alerts.some(({ status }) => status === 'firing')) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

describeUnless(absence, 'the pages of the console', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-console-'));
    await writeFile(join(folder, 'rules.yaml'), RULES);
    [gateway, browser] = await Promise.all([startWithRules(), startBrowser()]);
    const client = createClient({ url: gateway.url });
    const now = Date.now();
    await client.ingest([
      ...Array.from({ length: 20 }, (_, i) => ({
        method: 'GET',
        path: `/users/${i}`,
        status_code: 503,
        timestamp: now - 60_000 - i,
      })),
      ...Array.from({ length: 9 }, (_, i) => ({ component: 'cache', message: `cache miss for key ${i}` })),
      ...Array.from({ length: 5 }, (_, i) => ({
        component: 'worker',
        message: `worker ${i} started`,
        timestamp: now - 8 * 3_600_000,
      })),
    ]);
    await client.ask('POST /api/audit', {
      body: [
        {
          action: 'user.created',
          actor: { type: 'user', id: 'root' },
          entity_type: 'user',
          entity_id: 42,
          new_values: { plan: 'free' },
          timestamp: now - 50_000,
        },
        {
          action: 'user.updated',
          actor: { type: 'user', id: 'alice', name: 'Alice' },
          entity_type: 'user',
          entity_id: 42,
          old_values: { plan: 'free', note: '<b>bold</b>' },
          new_values: { plan: 'pro', note: '<i>not</i>' },
          reason: 'upgrade',
          outcome: 'success',
          timestamp: now - 40_000,
        },
      ],
    });
    configureLogger({ redis: String((await client.health()).redis_url), console: false });
    await withRun('run-001', async () => {
      log_step_start('s1', { tool: 'write_file' });
      log_policy_decision({ step_id: 's1', decision: 'BLOCK', policy: 'fs_safe' });
      track_cost({ step_id: 's1', cost_usd: 1.25, tokens: 1_000, model: 'large' });
      log_step_end('s1', { tool: 'write_file', status: 'FAILED' });
    });
    log_breakglass_activation({
      policy: 'fs_safe',
      enabled_by: 'admin@example.com',
      reason: 'maintenance',
      expires_at: Date.now() + 3_600_000,
    });
    await closeLogger();
    await logErrors(gateway.url);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const open = (path = '', options = {}) => openPage(browser, `${gateway.url}/${path}`, options);
  const total = (page: Page) => page.locator('.histogram strong').textContent();
  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });

  test('errors: a group has its entries, and an entry leads to its group', async () => {
    const { page, troubles, close } = await open('?view=errors');
    await soon(() => page.locator('.item').count()).toBe(2);
    await page.locator('.item', { hasText: 'DatabaseError' }).click();
    const detail = page.locator('.detail');
    await soon(() => detail.textContent()).toContain('runQuery (db.js)');
    const again = await openPage(browser, page.url());
    await soon(() => again.page.locator('.detail').textContent()).toContain('runQuery (db.js)');
    await again.close();
    await button(page, 'Its newest entry').click();
    await soon(() => page.locator('.panel').textContent()).toContain('query 5 failed');
    await button(page, 'Errors of its kind').click();
    await soon(() => detail.textContent()).toContain('runQuery (db.js)');
    await page.keyboard.press('Escape');
    await soon(() => detail.count()).toBe(0);
    await page.goto(`${gateway.url}/?view=errors`);
    await page.locator('.item', { hasText: 'GET /users/:number' }).click();
    await button(page, 'Entries like it').click();
    await soon(() => total(page)).toBe('20 entries');
    expect(troubles).toEqual([]);
    await close();
  });

  test('patterns: what is new and gone, and the entries of one', async () => {
    const { page, troubles, close } = await open('?view=patterns');
    const items = page.locator('.item');
    await soon(() => items.allTextContents().then((all) => all.join())).toContain(
      'cache miss for key <number>',
    );
    await button(page, 'Gone').click();
    await soon(() => items.allTextContents().then((all) => all.join())).toMatch(
      /^gone.*worker <number> started/,
    );
    expect(new URL(page.url()).searchParams.get('show')).toBe('gone');
    await button(page, 'New').click();
    await items.filter({ hasText: 'cache miss' }).click();
    await button(page, 'Its entries').click();
    await soon(() => total(page)).toBe('9 entries');
    await page.goBack();
    await soon(() => page.locator('.detail').textContent()).toContain('cache miss for key <number>');
    expect(troubles).toEqual([]);
    await close();
  });

  test('audit: what changed stands side by side and stays text; a history goes value by value', async () => {
    const { page, troubles, close } = await open('?view=audit&object=user:42');
    await soon(() => page.locator('.item').count()).toBe(2);
    await page.keyboard.press('j');
    const rows = page.locator('.changes tbody tr');
    await soon(() => rows.allTextContents()).toEqual(['planfreepro', 'note<b>bold</b><i>not</i>']);
    expect(await page.locator('.detail b, .detail i').count()).toBe(0);
    await button(page, 'History of user:42').click();
    const plan = page.locator('.value-history', { hasText: 'plan' });
    await soon(() => plan.locator('.change').allTextContents()).toEqual(['free → pro', 'not there → free']);
    const again = await openPage(browser, page.url());
    await soon(() => again.page.locator('.value-history').count()).toBe(2);
    await again.close();
    await page.getByLabel('Entity').fill('nothing');
    await page.keyboard.press('Enter');
    await soon(() => page.locator('#entity-hint').textContent()).toContain('such as user:42');
    await page.getByLabel('Entity').fill('user:43');
    await page.keyboard.press('Enter');
    await soon(() => page.locator('.state h2').textContent()).toBe('No audit entries');
    await button(page, 'Breakglass').click();
    await page.locator('.item', { hasText: 'fs_safe' }).click();
    await soon(() => page.locator('.detail').textContent()).toContain('admin@example.com');
    await button(page, 'Expired').click();
    await soon(() => page.locator('.state h2').textContent()).toBe('None of these');
    expect(troubles).toEqual([]);
    await close();
  });

  test('runs: moment by moment, what each cost, and the way there from an entry', async () => {
    const { page, troubles, close } = await open('?event=POLICY_CHECK');
    await page.locator('.row').first().click();
    await button(page, 'Its run').click();
    const moments = page.locator('.moment');
    await soon(() => moments.count()).toBe(6);
    expect(await page.locator('.moment.failed').allTextContents()).toHaveLength(2);
    await button(page, 'All its entries').click();
    await soon(() => total(page)).toBe('6 entries');
    await page.goto(`${gateway.url}/?view=runs`);
    await soon(() => page.locator('.item').textContent()).toContain('1 steps, 1 failed');
    await button(page, 'Costs').click();
    await soon(() => page.locator('.costs tbody').textContent()).toContain('large$1.251,0001');
    await button(page, 'By run').click();
    await button(page, 'run-001').click();
    await soon(() => moments.count()).toBe(6);
    expect(troubles).toEqual([]);
    await close();
  });

  test('alerts: the chart that made one fire, its entries, silence and resolve', async () => {
    const { page, troubles, close } = await open('?view=alerts');
    const alert = page.locator('.item', { hasText: 'component db' });
    await alert.click();
    const detail = page.locator('.detail');
    await soon(() => detail.locator('figcaption').textContent()).toMatch(/Highest: \d+ at .*Threshold: 3\./);
    await soon(() => detail.locator('.u-over').count()).toBe(1);
    expect(await detail.getByRole('img').getAttribute('aria-label')).toMatch(/began .*fired /);
    await button(page, 'Silence').click();
    await page.getByLabel('For').selectOption('4h');
    await page.getByLabel('Reason').fill('deploying');
    await button(page, 'Tell nobody').click();
    await soon(() => alert.textContent()).toContain('silenced');
    await button(page, 'End the silence').click();
    await soon(() => alert.textContent()).not.toContain('silenced');
    await button(page, 'Its entries').click();
    await soon(() => page.locator('.chip').allTextContents()).toEqual(['level = ERROR×', 'component = db×']);
    await soon(() => page.locator('.row').count()).toBeGreaterThan(3);
    await page.goBack();
    await button(page, 'Resolve').click();
    await page.getByLabel('Reason').fill('seen');
    await button(page, 'It is resolved').click();
    await soon(() => detail.textContent()).toContain('seen');
    await soon(() => page.locator('.items').textContent()).toContain('Nothing is wrong by any rule.');
    expect(troubles).toEqual([]);
    await close();
  });

  test('rules: when one would have fired, and whether a channel works', async () => {
    const { page, troubles, close } = await open('?view=alerts&part=rules');
    await page
      .locator('.item', { hasText: 'many-errors' })
      .or(page.locator('.item', { hasText: 'Many errors' }))
      .click();
    await page.getByLabel('In the last').selectOption('1');
    await button(page, /^Test$/).click();
    await soon(() => page.locator('.rule-test output').textContent()).toMatch(
      /would have fired (once|\d+ times)/,
    );
    await soon(() => page.locator('.events').textContent()).toContain('firing');
    await page.locator('.item', { hasText: 'no-groups' }).click();
    await button(page, /^Test$/).click();
    await soon(() => page.locator('.rule-test output').textContent()).toContain('fired 0 times');
    await soon(() => page.locator('.rule-test figcaption').textContent()).toContain('Highest: 0');
    await button(page, 'Send a test over ops').click();
    await soon(() => page.locator('.channel', { hasText: 'ops' }).textContent()).toContain('Taken after');
    await button(page, 'Send a test over broken').click();
    await soon(() => page.locator('.channel', { hasText: 'broken' }).textContent()).toContain(
      '/no/such/program',
    );
    expect(troubles).toEqual([]);
    await close();
  });

  test('who may only read is offered nothing that changes something', async () => {
    const other = await startWithRules({ LOG_TOKENS: `${reader?.line};${writer?.line}` });
    await logErrors(other.url, writer?.token);
    const { page, close } = await openPage(browser, `${other.url}/?view=alerts`);
    await page.getByLabel('Token').fill(reader?.token ?? '');
    await page.keyboard.press('Enter');
    await page.locator('.item', { hasText: 'component db' }).click();
    await soon(() => page.locator('.detail').textContent()).toContain('need a token of scope admin');
    await soon(() => page.locator('.detail figcaption').textContent()).toContain('Highest');
    expect(await button(page, /Silence|Resolve/).count()).toBe(0);
    await button(page, 'Rules').click();
    await soon(() => page.locator('.channel').count()).toBe(2);
    expect(await button(page, /Send a test/).count()).toBe(0);
    await close();
    await other.stop();
  });

  test('axe-core finds nothing serious on any of them, in both themes, wide and narrow, full and empty', async () => {
    const found: string[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      for (const [width, path, opened] of [
        [1440, '?view=errors', true],
        [1440, '?view=patterns', true],
        [1440, '?view=alerts', true],
        [1440, '?view=alerts&part=rules', true],
        [1440, '?view=audit&object=user:42', true],
        [1024, '?view=audit&part=history&of=user:42', false],
        [1440, '?view=audit&part=breakglass', true],
        [390, '?view=runs', true],
        [390, '?view=runs&part=costs', false],
        [390, '?view=patterns', false],
        [1440, '?view=errors&component=nothing', false],
        [1440, '?view=audit&part=history', false],
      ] as const) {
        const { page, close } = await open(path, { width, scheme });
        await page.locator('.item, .state, .tile').first().waitFor();
        if (opened) {
          await page.locator('.item').first().click();
          await page.locator('.detail .facts').first().waitFor();
        }
        for (const finding of await seriousFindings(page))
          found.push(`${scheme} ${width} ${path} ${finding}`);
        await close();
      }
    }
    expect(found).toEqual([]);
  }, 400_000);
});
