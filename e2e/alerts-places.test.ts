import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertsReply } from '@tailrace/api';
import { createClient } from '@tailrace/client';
import { hasRedisCluster, startRedisCluster } from '@tailrace/test-engines';
import { expect, onTestFinished, test } from 'vitest';
import { startWebhookReceiver } from '../packages/insight/src/testing/webhook-receiver.js';
import { startGatewayProcess } from './testing/gateway-process.js';

/** A rule that fires when three errors are in an hour, so that it still fires at the next start. */
async function writeRules(hook: string): Promise<{ readonly folder: string; readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-alerts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'rules.yaml');
  await writeFile(
    path,
    `channels: { ops: { type: webhook, url: '${hook}', secret: a secret of sixteen characters } }
rules:
  - { id: errors, filter: { level: ERROR }, threshold: 2, window: 1h, every: 10s, delay: 0s, channels: [ops] }
`,
  );
  return { folder, path };
}

const errorsFrom = (ips: readonly string[]) =>
  ips.map((client_ip) => ({ level: 'ERROR', message: 'it broke', client_ip }));

/** Waits until the alert was told and its value is that of all entries: a window may end in the middle of them. */
async function firing(url: string, value: number): Promise<AlertsReply> {
  for (;;) {
    const reply = await createClient({ url }).ask('GET /api/alerts');
    const [alert] = reply.alerts;
    const isWhole = alert?.status === 'firing' && alert.current_value === value;
    if (isWhole && reply.notifications.delivered > 0) return reply;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test('alerts and what was said of errors outlive the embedded engine; nobody is told twice', async () => {
  await using receiver = await startWebhookReceiver();
  const { folder, path } = await writeRules(receiver.url);
  const settings = {
    DATA_DIR: join(folder, 'data'),
    ALERT_RULES: path,
    ALERT_ALLOWED_ADDRESSES: '127.0.0.1',
  };
  let gateway = await startGatewayProcess(settings);
  onTestFinished(async () => {
    await gateway.stop();
  });
  const client = () => createClient({ url: gateway.url });
  await client().ingest(errorsFrom(['192.0.2.1', '192.0.2.2', '192.0.2.3']));
  const before = await firing(gateway.url, 3);
  const [group] = (await client().ask('GET /logs/error-groups')).groups;
  const fingerprint = group?.fingerprint ?? '';
  const { mark } = await client().ask('PUT /logs/error-groups/{fingerprint}', {
    path: { fingerprint },
    body: { state: 'resolved', release: '2.0' },
  });

  await gateway.stop();
  gateway = await startGatewayProcess(settings);
  const after = await firing(gateway.url, 3);
  expect(after.alerts[0]?.id).toBe(before.alerts[0]?.id);
  expect(after.history).toEqual(before.history);
  expect(after.notifications).toEqual(before.notifications);
  const groups = (await client().ask('GET /logs/error-groups')).groups;
  expect(groups).toMatchObject([{ fingerprint, state: 'resolved', mark }]);
  expect(receiver.received).toHaveLength(1);
}, 120_000);

test.skipIf(!hasRedisCluster)(
  `a rule counts what lies on every shard of a Cluster${hasRedisCluster ? '' : ' (skipped: no redis-cli on PATH)'}`,
  async () => {
    const cluster = await startRedisCluster();
    onTestFinished(() => cluster.stop());
    await using receiver = await startWebhookReceiver();
    const { path } = await writeRules(receiver.url);
    const gateway = await startGatewayProcess({
      REDIS_URL: cluster.url,
      ALERT_RULES: path,
      ALERT_ALLOWED_ADDRESSES: '127.0.0.1',
    });
    onTestFinished(async () => {
      await gateway.stop();
    });
    // An address decides the shard.
    const ips = Array.from({ length: 40 }, (_, i) => `192.0.2.${i}`);
    const client = createClient({ url: gateway.url });
    await client.ingest(errorsFrom(ips));
    const { alerts, history } = await firing(gateway.url, 40);
    expect(alerts).toMatchObject([{ rule: 'errors', current_value: 40 }]);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(
      history.map(({ id }) => id),
    );

    const [group] = (await client.ask('GET /logs/error-groups')).groups;
    const fingerprint = group?.fingerprint ?? '';
    await client.ask('PUT /logs/error-groups/{fingerprint}', {
      path: { fingerprint },
      body: { state: 'muted' },
    });
    expect((await client.ask('GET /logs/error-groups')).groups).toMatchObject([
      { state: 'muted', count: 40 },
    ]);
  },
  180_000,
);
