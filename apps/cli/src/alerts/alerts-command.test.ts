import type { AlertRulesReply, AlertsReply, AlertTestReply } from '@tailrace/api';
import { describe, expect, test } from 'vitest';
import { replyError, replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const EVENT = {
  id: 'e1',
  alert: 'errors.0.1',
  status: 'firing',
  rule: 'errors',
  name: 'Errors',
  severity: 'critical',
  labels: { host: 'a\u001b[31m' },
  condition: 'count of entries > 5 over 5m',
  threshold: 5,
  value: 7,
  started_at: '2024-01-15T10:30:00.000Z',
  at: '2024-01-15T10:31:00.000Z',
  late: true,
  silenced: false,
  reason: null,
} as const;

const ALERTS: AlertsReply = {
  alerts: [
    {
      id: 'errors.0.1',
      rule: 'errors',
      name: 'Errors',
      description: null,
      severity: 'critical',
      status: 'firing',
      condition: EVENT.condition,
      threshold: 5,
      current_value: 1234.5678,
      labels: EVENT.labels,
      created_at: EVENT.started_at,
      triggered_at: EVENT.at,
      resolved_at: null,
      updated_at: EVENT.at,
      notification_sent: true,
      late: false,
      no_data: false,
      silenced_until: '2024-01-15T11:31:00.000Z',
      runbook: null,
    },
  ],
  history: [{ ...EVENT, status: 'resolved', late: false, reason: 'rule changed' }, EVENT],
  notifications: { waiting: 2, renewed: 0, delivered: 5, failed: 1, given_up: 0, lost: 0 },
};

async function alerts(reply: unknown, ...args: string[]) {
  await using gateway = await startFakeGateway([], (_, response) => replyJson(response, 200, reply));
  const result = await run(['alerts', ...args], { env: { TAILRACE_URL: gateway.url } });
  const [sent] = gateway.requests;
  return { ...result, sent: `${sent?.method} ${sent?.url.pathname}${sent?.url.search} ${sent?.body}`.trim() };
}

describe('tailrace alerts', () => {
  test('shows what is active, what was, and what waits', async () => {
    const { stdout, sent } = await alerts(ALERTS, '--rule', 'errors');
    expect(sent).toBe('GET /api/alerts?limit=20&rule=errors');
    expect(stdout).toBe(
      [
        '2024-01-15 10:31:00Z firing   critical errors       1235 host=a\\x1b[31m count of entries > 5 over 5m silenced until 2024-01-15 11:31:00Z errors.0.1',
        '',
        'history, newest last',
        '2024-01-15 10:31:00Z firing   critical errors          7 host=a\\x1b[31m late',
        '2024-01-15 10:31:00Z resolved critical errors          7 host=a\\x1b[31m rule changed',
        '',
        'notifications: 2 waiting, 1 attempts failed',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await alerts(ALERTS, '--json')).stdout)).toEqual(ALERTS);
  });

  test('shows the rules', async () => {
    const none: AlertRulesReply = { rules: [], channels: [] };
    expect((await alerts(none, 'rules')).stdout).toContain('ALERT_RULES names a file of them');
  });

  test('says when a rule would have fired', async () => {
    const reply: AlertTestReply = {
      condition: EVENT.condition,
      from: EVENT.started_at,
      to: EVENT.at,
      windows: 10_080,
      fired: 1,
      events: [EVENT],
    };
    const { stdout, sent } = await alerts(reply, 'test', 'errors', '--hours', '168');
    expect(sent).toBe('POST /api/alerts/test {"rule":"errors","hours":168}');
    expect(stdout).toContain('count of entries > 5 over 5m: would have fired once in 10,080 windows\n');
    expect((await alerts(reply, 'test', 'errors', '--hours', 'x')).exitCode).toBe(2);
  });

  test('silences and resolves an alert', async () => {
    const reply = { alert: ALERTS.alerts[0] };
    const silenced = await alerts(reply, 'silence', 'errors.0.1', '--for', '2h', '--rule');
    expect(silenced.sent).toBe('POST /api/alerts/errors.0.1/silence {"for":"2h","scope":"rule"}');
    expect(silenced.stdout).toBe('errors.0.1 is silenced until 2024-01-15T11:31:00.000Z\n');
    const resolved = await alerts(reply, 'resolve', 'errors.0.1', '--reason', 'seen');
    expect(resolved.sent).toBe('POST /api/alerts/errors.0.1/resolve {"reason":"seen"}');
  });

  test('a channel that takes no test is a failure', async () => {
    const reply = { channel: 'ops', delivered: false, error: 'ECONNREFUSED', ms: 3 };
    const { exitCode, stderr } = await alerts(reply, 'notify-test', 'ops');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'tailrace: ops did not take it: ECONNREFUSED\n',
    });
    await using gateway = await startFakeGateway([], (_, response) =>
      replyError(response, 404, 'not_found', 'no'),
    );
    expect((await run(['alerts', 'test', 'x'], { env: { TAILRACE_URL: gateway.url } })).exitCode).toBe(1);
  });
});
