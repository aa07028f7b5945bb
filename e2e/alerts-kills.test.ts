import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasRedisServer, startRedisServer } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { startWebhookReceiver } from '../packages/insight/src/testing/webhook-receiver.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { createRandom } from './testing/random.js';
import { printedSeed, seriesLength } from './testing/series.js';

const EVERY_MS = 10_000;
const SECRET = 'a secret of sixteen characters';
const KILLS = seriesLength(200);
const COMPONENTS = ['a', 'b', 'c', 'd'];

interface Stored {
  readonly timestamp: string;
  readonly component: string;
}

interface HistoryEvent {
  readonly id: string;
  readonly status: string;
  readonly labels: { readonly component: string };
  readonly at: string;
  readonly late: boolean;
}

describe.skipIf(!hasRedisServer)('two gateways that are killed', () => {
  test(
    `${KILLS} kill -9: no window is missed or evaluated twice, each transition is told under one id`,
    async () => {
      const random = createRandom(printedSeed('kills of gateways with alerts'));
      const folder = await mkdtemp(join(tmpdir(), 'tailrace-alert-kills-'));
      const engine = await startRedisServer();
      await using receiver = await startWebhookReceiver({
        secret: SECRET,
        mayTake: () => (random() < 1 / 3 ? (random() < 0.5 ? 'fail' : 'cut') : 'take'),
      });
      const rules = join(folder, 'rules.yaml');
      await writeFile(
        rules,
        `channels: { ops: { type: webhook, url: '${receiver.url}', secret: ${SECRET} } }
rules:
  - { id: kills, filter: { event: kill.test }, threshold: 2, window: 10s, every: 10s, delay: 2s, group_by: [component], channels: [ops] }
`,
      );
      const settings = { REDIS_URL: engine.url, ALERT_RULES: rules, ALERT_ALLOWED_ADDRESSES: '127.0.0.1' };
      const gateways = await Promise.all([startGatewayProcess(settings), startGatewayProcess(settings)]);
      const redis = new Redis(engine.url);
      const stateOf = async () =>
        JSON.parse((await redis.hget('alerts:states', 'kills')) ?? 'null') as {
          since: number;
          next: number;
        } | null;
      const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      try {
        while ((await stateOf()) === null) await sleep(100);
        let isOver = false;
        const writing = (async () => {
          while (!isOver) {
            const component = COMPONENTS[Math.floor(random() * COMPONENTS.length)];
            const entry = { event: 'kill.test', message: 'm', component };
            const url = gateways[Math.floor(random() * 2)]?.url;
            await fetch(`${url}/logs`, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(entry),
            }).then(
              (reply) => reply.text(),
              () => '',
            );
            await sleep(400);
          }
        })();
        for (let kill = 0; kill < KILLS; kill++) {
          await sleep(200 + random() * 1_500);
          const which = Math.floor(random() * 2);
          const killed = gateways[which] as GatewayProcess;
          process.kill(killed.pid, 'SIGKILL');
          await killed.stop();
          gateways[which] = await startGatewayProcess(settings);
        }
        isOver = true;
        await writing;
        const end = Math.floor(Date.now() / EVERY_MS) + 2;
        while (((await stateOf())?.next ?? 0) <= end) await sleep(200);
        while ((await redis.hlen('alerts:outbox')) > 0) await sleep(200);

        const { since = 0, next = 0 } = (await stateOf()) ?? {};
        expect(Number(await redis.hget('alerts:settings', 'evaluated'))).toBe(next - since);
        const text = await (await fetch(`${gateways[0]?.url}/logs/export?event=kill.test&hours=24`)).text();
        const stored = text
          .trim()
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Stored);
        const { history } = (await (await fetch(`${gateways[0]?.url}/api/alerts?limit=1000`)).json()) as {
          history: HistoryEvent[];
        };
        const shown = history.map(
          ({ status, labels, at, late }) =>
            `${Date.parse(at) / EVERY_MS} ${labels.component} ${status}${late ? ' late' : ''}`,
        );
        expect(shown.sort()).toEqual(expectedOf(stored, since, next - 1).sort());
        expect(shown.length).toBeGreaterThan(2);
        const taken = receiver.received
          .filter(({ isTaken }) => isTaken)
          .map(({ headers }) => headers['webhook-id']);
        expect(new Set(taken)).toEqual(new Set(history.map(({ id }) => id)));
        expect(new Set(history.map(({ id }) => id)).size).toBe(history.length);
        expect(receiver.received.every(({ isSigned }) => isSigned)).toBe(true);
        process.stdout.write(
          `${KILLS} kills, ${next - since} windows, ${history.length} transitions, ${taken.length} deliveries, ${receiver.received.length} attempts\n`,
        );
      } finally {
        await Promise.all(gateways.map((gateway) => gateway.stop()));
        redis.disconnect();
        await engine.stop();
        await rm(folder, { recursive: true });
      }
    },
    KILLS * 30_000 + 120_000,
  );
});

/** What a count by component above 2 does in windows of ten seconds, worked out from all that was stored. */
function expectedOf(stored: readonly Stored[], first: number, last: number): string[] {
  const events: string[] = [];
  for (const component of COMPONENTS) {
    let isFiring = false;
    for (let window = first; window <= last; window++) {
      const inWindow = stored.filter(
        (entry) =>
          entry.component === component && Math.floor(Date.parse(entry.timestamp) / EVERY_MS) + 1 === window,
      );
      const isWrong = inWindow.length > 2;
      if (isWrong !== isFiring) events.push(`${window} ${component} ${isWrong ? 'firing' : 'resolved'}`);
      isFiring = isWrong;
    }
  }
  return events;
}
