import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  AlertRulesReply,
  AlertsReply,
  AlertTestReply,
  ErrorGroupsReply,
  LogsReply,
  NotifyTestReply,
} from '@tailrace/api';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startWebhookReceiver,
  type WebhookReceiver,
} from '../../../../packages/insight/src/testing/webhook-receiver.js';
import { type Gateway, readConfig, startGateway } from '../index.js';

const ENGINES = [
  { name: 'embedded', start: async () => ({ url: '', stop: async () => {} }) },
  ...(hasRedisServer ? [{ name: 'redis-server', start: () => startRedisServer() }] : []),
];
const SECRET = 'a secret of sixteen characters';

const fileOf = (hook: string, threshold = 2) => `
channels:
  ops: { type: webhook, url: '${hook}/ops', secret: ${SECRET} }
  gone: { type: command, command: [/no/such/program] }
rules:
  - id: errors
    filter: { level: ERROR }
    threshold: ${threshold}
    window: 10s
    every: 10s
    delay: 0s
    group_by: [component]
    channels: [ops]
`;

describe.each(ENGINES)('on $name', ({ start }) => {
  let engine: Awaited<ReturnType<typeof start>>;
  let gateway: Gateway;
  let receiver: WebhookReceiver;
  let folder: string;
  let path: string;
  const reported: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-alerts-'));
    path = join(folder, 'rules.yaml');
    engine = await start();
    receiver = await startWebhookReceiver({ secret: SECRET });
    await writeFile(path, fileOf(receiver.url));
    const settings = { PORT: '0', ENGINE_PORT: '0', DATA_DIR: '', REDIS_URL: engine.url, KEY_PREFIX: 'al:' };
    gateway = await startGateway(
      readConfig({ ...settings, ALERT_RULES: path, ALERT_ALLOWED_ADDRESSES: '127.0.0.1' }),
      (text) => reported.push(text),
    );
  });
  afterAll(async () => {
    await gateway.close();
    await engine.stop();
    await receiver[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function ask<Reply>(
    method: string,
    at: string,
    body?: unknown,
  ): Promise<{ status: number; reply: Reply }> {
    const response = await fetch(gateway.url + at, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    return { status: response.status, reply: (await response.json()) as Reply };
  }
  const alerts = async () => (await ask<AlertsReply>('GET', '/api/alerts')).reply;

  async function until<T>(look: () => Promise<T>, isEnough: (found: T) => boolean): Promise<T> {
    for (;;) {
      const found = await look();
      if (isEnough(found)) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  test('an alert fires by group, is told once, can be resolved, and is over by itself', async () => {
    await until(
      async () => (await ask<AlertRulesReply>('GET', '/api/alerts/rules')).reply.rules,
      ([rule]) => rule?.status === 'ok',
    );
    const error = { level: 'ERROR', message: 'm' };
    const now = Date.now();
    // In the middle of a window, so that none of them is in another.
    const timestamp = Math.ceil(now / 10_000) * 10_000 - 1;
    await ask('POST', '/logs', [
      ...Array.from({ length: 3 }, () => ({ ...error, timestamp, component: 'a' })),
      ...Array.from({ length: 4 }, () => ({ ...error, timestamp, component: 'b' })),
      { ...error, timestamp, component: 'c' },
    ]);
    const firing = await until(alerts, ({ alerts }) => alerts.length > 0);
    expect(
      firing.alerts
        .map(({ labels, status, current_value }) => [labels.component, status, current_value])
        .sort(),
    ).toEqual([
      ['a', 'firing', 3],
      ['b', 'firing', 4],
    ]);
    const a = firing.alerts.find(({ labels }) => labels.component === 'a');
    const silenced = await ask<{ alert: { silenced_until: string } }>(
      'POST',
      `/api/alerts/${a?.id}/silence`,
      { for: '1h' },
    );
    expect(Date.parse(silenced.reply.alert.silenced_until)).toBeGreaterThan(now + 3_500_000);
    expect((await ask('POST', `/api/alerts/${a?.id}/resolve`, { reason: 'seen' })).status).toBe(200);
    expect((await ask('POST', `/api/alerts/${a?.id}/resolve`, {})).status).toBe(400);
    const over = await until(
      alerts,
      ({ alerts, notifications }) => alerts.length === 0 && notifications.waiting === 0,
    );
    expect(
      over.history.map(({ labels, status, reason }) => [labels.component, status, reason]).sort(),
    ).toEqual([
      ['a', 'firing', null],
      ['a', 'resolved', 'seen'],
      ['b', 'firing', null],
      ['b', 'resolved', null],
    ]);
    expect(receiver.received.map(({ headers }) => headers['webhook-id']).sort()).toEqual(
      over.history.map(({ id }) => id).sort(),
    );
    expect(receiver.received.every(({ isSigned }) => isSigned)).toBe(true);
    expect(over.notifications).toMatchObject({ delivered: 4, lost: 0 });
    const tried = await ask<AlertTestReply>('POST', '/api/alerts/test', { rule: 'errors', hours: 1 });
    expect(tried.reply).toMatchObject({
      fired: 2,
      condition: 'count of level=ERROR > 2 over 10s by component',
    });
    const fired = over.history.find(({ labels, status }) => labels.component === 'a' && status === 'firing');
    const values = { rule: 'errors', hours: 0.05, until: fired?.at, values_of: fired?.labels };
    const measured = await ask<AlertTestReply>('POST', '/api/alerts/test', values);
    expect(measured.reply.values?.at(-1)).toEqual({ at: fired?.at, value: fired?.value });
    expect(measured.reply.values?.at(0)).toMatchObject({ value: 0 });
    expect(await ask('POST', '/api/alerts/test', { rule: 'errors', values_of: { path: '/' } })).toMatchObject(
      { status: 400, reply: { error: { field: 'values_of' } } },
    );
  }, 60_000);

  test('the figures name the rules with their states and lag', async () => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(text).toMatch(/^tailrace_alert_evaluator 1$/m);
    expect(text).toMatch(/^tailrace_alerts\{rule="errors",state="firing"\} 0$/m);
    expect(text).toMatch(/^tailrace_alert_evaluation_lag_seconds\{rule="errors"\} [\d.]+$/m);
    expect(text).toMatch(/^tailrace_alert_notifications\{outcome="delivered"\} 4$/m);
    expect(text).toMatch(/^tailrace_requests_per_second [\d.]+$/m);
  });

  test('rules of the API are made, changed and removed; those of the file are not', async () => {
    const rule = { id: 'mine', filter: { status: '5xx' }, measure: 'rate', threshold: 1, channels: ['ops'] };
    expect((await ask('POST', '/api/alerts/rules', rule)).status).toBe(200);
    expect(await ask('POST', '/api/alerts/rules', rule)).toMatchObject({
      status: 400,
      reply: { error: { field: 'id' } },
    });
    expect(await ask('PUT', '/api/alerts/rules/mine', { ...rule, threshold: 2 })).toMatchObject({
      status: 200,
      reply: { source: 'api', condition: 'rate per second of status=5xx > 2 over 5m', rule: { every: '1m' } },
    });
    expect((await ask('PUT', '/api/alerts/rules/other', { ...rule, id: 'other' })).status).toBe(404);
    expect((await ask('DELETE', '/api/alerts/rules/errors')).status).toBe(400);
    expect((await ask('DELETE', '/api/alerts/rules/mine')).reply).toEqual({ removed: 'mine' });
    const { rules, channels } = (await ask<AlertRulesReply>('GET', '/api/alerts/rules')).reply;
    expect(rules.map((one) => [one.rule.id, one.source])).toEqual([['errors', 'file']]);
    expect(channels).toEqual([
      { name: 'ops', type: 'webhook' },
      { name: 'gone', type: 'command' },
    ]);
  });

  test.each([
    [{ every: '9s' }, 'every is "9s": must be a duration such as 30s, 5m or 1h, from 10s to 1d'],
    [{ window: '90s' }, 'window is "90s": must be a multiple of every, which is 1m'],
    [{ filter: { sttus: '5xx' } }, 'filter.sttus is "5xx": is no filter; allowed: those of GET /logs'],
    [{ filter: { status: '9xx' } }, 'filter.status is "9xx": must be a status from 100 to 599'],
    [{ measure: 'ratio' }, 'must be given with measure ratio'],
    [{ channels: ['nobody'] }, 'channels has "nobody": must be one of ops, gone'],
    [{ group_by: ['__proto__'] }, 'must be level, component, status'],
    [{ nothing: 1 }, '"nothing" is no part of a rule'],
    [{ runbook: 'javascript:alert(1)' }, 'must be an http or https URL'],
  ])('a rule with %j is refused with what is allowed', async (part, message) => {
    const { status, reply } = await ask<{ error: { message: string } }>('POST', '/api/alerts/rules', {
      id: 'x',
      ...part,
    });
    expect(status).toBe(400);
    expect(reply.error.message).toContain(message);
  });

  test('a channel can be tried, and says why it fails', async () => {
    const before = receiver.received.length;
    const good = await ask<NotifyTestReply>('POST', '/api/alerts/notify-test', { channel: 'ops' });
    expect(good.reply).toMatchObject({ delivered: true, error: null });
    expect(receiver.received).toHaveLength(before + 1);
    const bad = await ask<NotifyTestReply>('POST', '/api/alerts/notify-test', { channel: 'gone' });
    expect(bad.reply).toMatchObject({ delivered: false, error: expect.stringContaining('ENOENT') });
  });

  test('a file that changes counts; one that is wrong is reported, without what it says of channels', async () => {
    await writeFile(path, fileOf(receiver.url, 7));
    await until(
      async () => (await ask<AlertRulesReply>('GET', '/api/alerts/rules')).reply.rules,
      ([rule]) => rule?.rule.threshold === 7,
    );
    await writeFile(path, fileOf(receiver.url, 8).replace('secret: a', 'secrte: a'));
    await until(
      async () => reported.join(''),
      (text) => text.includes('channels.ops.secrte is unknown here; the rules before stay in force'),
    );
    await writeFile(path, fileOf('file:///x', 8));
    await until(
      async () => reported.join(''),
      (text) => text.includes('channels.ops.url: must be an http or https URL'),
    );
    expect(reported.join('')).not.toContain(SECRET);
    expect((await ask<AlertRulesReply>('GET', '/api/alerts/rules')).reply.rules[0]?.rule.threshold).toBe(7);
  });

  test('rules see new and regressed errors, new patterns, sign-ins that went wrong, and breakglasses', async () => {
    const component = 'measures';
    const now = Date.now();
    const at = (ago: number, entry: object) => ({ component, timestamp: now - ago, ...entry });
    const failing = (message: string) => ({ level: 'ERROR', message });
    const oauth = (name: string, more: object) => ({
      event: `oauth.${name}`,
      session_id: 's-measures',
      client_id: 'shop',
      outcome: 'success',
      ...more,
    });
    await ask('POST', '/logs', [
      at(3_000_000, failing('old 1')),
      at(600_000, failing('old 2')),
      at(600_000, failing('fresh 1')),
      at(900_000, oauth('authorize', {})),
      at(840_000, oauth('consent', { outcome: 'failure', data: { error: 'access_denied' } })),
      at(600_000, { level: 'AUDIT', event: 'BREAKGLASS_ACTIVATED', data: { policy: 'p' } }),
    ]);
    const firedBy = async (rule: object) => {
      const body = { rule: { id: 't', filter: { component }, window: '1m', ...rule }, hours: 0.5 };
      const { reply } = await ask<AlertTestReply>('POST', '/api/alerts/test', body);
      return reply.events.filter(({ status }) => status === 'firing').map(({ labels }) => labels);
    };
    expect(await firedBy({ measure: 'new_errors', group_by: ['pattern'] })).toEqual([
      { pattern: 'fresh <number>' },
    ]);
    expect(await firedBy({ measure: 'new_patterns', filter: { component, level: 'ERROR' } })).toEqual([{}]);
    expect(await firedBy({ measure: 'breakglass' })).toEqual([{}]);
    expect(await firedBy({ measure: 'oauth_diagnosis', group_by: ['cause', 'client'] })).toEqual([
      { cause: expect.stringMatching(/^[a-z_]+$/), client: 'shop' },
    ]);

    const regressed = { measure: 'regressed_errors', window: '10s', every: '10s' };
    expect(await firedBy(regressed)).toEqual([]);
    const { reply: groups } = await ask<ErrorGroupsReply>('GET', `/logs/error-groups?component=${component}`);
    const fingerprint = groups.groups.find(({ message }) => message.startsWith('fresh'))?.fingerprint;
    await ask('PUT', `/logs/error-groups/${fingerprint}`, { state: 'resolved' });
    await ask('POST', '/logs', { component, ...failing('fresh 2') });
    await until(
      () => firedBy({ ...regressed, group_by: ['fingerprint'] }),
      (fired) => JSON.stringify(fired) === JSON.stringify([{ fingerprint }]),
    );

    const refused = await ask<{ error: { message: string } }>('POST', '/api/alerts/test', {
      rule: { id: 't', group_by: ['cause'] },
    });
    expect(refused.reply.error.message).toContain('oauth_diagnosis');
  }, 60_000);
});

test('a file of rules that cannot be used ends the start', async () => {
  const config = readConfig({ PORT: '0', ENGINE_PORT: '0', DATA_DIR: '', ALERT_RULES: '/no/such/file' });
  await expect(startGateway(config, () => {})).rejects.toThrow(
    'ALERT_RULES /no/such/file cannot be used: ENOENT',
  );
});

test('the example rules are rules, and memory and disk are measured by the figures of the process', async () => {
  const rules = fileURLToPath(new URL('../../examples/alert-rules.yaml', import.meta.url));
  const gateway = await startGateway(
    readConfig({ PORT: '0', ENGINE_PORT: '0', DATA_DIR: '', ALERT_RULES: rules, PROCESS_FIGURES_S: '1' }),
    () => {},
  );
  try {
    const ask = async (path: string) =>
      (await (await fetch(gateway.url + path)).json()) as LogsReply & AlertRulesReply;
    const ids = (await ask('/api/alerts/rules')).rules.map(({ rule }) => rule.id);
    expect(ids).toEqual([
      'error-rate',
      'response-time',
      'unusual-traffic',
      'no-traffic',
      'oauth-failures',
      'new-errors',
      'regressed-errors',
      'broken-sign-ins',
      'breakglass',
      'memory-usage',
      'disk-usage',
    ]);
    let entries: LogsReply['logs'] = [];
    while (entries.length < 2) {
      entries = (await ask('/logs?event=tailrace.process')).logs;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    for (const { data } of entries) {
      for (const name of ['memory_percent', 'disk_percent']) {
        expect(data?.[name]).toBeGreaterThan(0);
        expect(data?.[name]).toBeLessThanOrEqual(100);
      }
    }
  } finally {
    await gateway.close();
  }
});
