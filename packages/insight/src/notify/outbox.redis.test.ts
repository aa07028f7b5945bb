import { Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { describe, expect, test } from 'vitest';
import type { AlertEvent } from '../store/alert-event.js';
import { createAlertStore } from '../store/alert-store.js';
import { outboxItem } from '../store/outbox-item.js';
import { testEvent } from '../testing/test-event.js';
import { startWebhookReceiver } from '../testing/webhook-receiver.js';
import { createOutbox } from './outbox.js';
import type { Sender } from './sender.js';
import { webhookSender } from './webhook.js';

const SECRET = `whsec_${Buffer.from('a secret of a receiver').toString('base64')}`;
const mayConnect = () => true;

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);

  function open(channels: Readonly<Record<string, Sender>>) {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix: engine.newKeyPrefix() });
    const store = createAlertStore({ redis, keyspace });
    const senders = new Map(Object.entries(channels));
    const reports: string[] = [];
    const newOutbox = () =>
      createOutbox({
        redis,
        keyspace,
        senders: () => senders,
        backOffMs: () => 20,
        report: (text) => reports.push(text),
      });
    const put = async (event: AlertEvent, channel: string, after?: AlertEvent) => {
      const item = outboxItem({ event, channel, now: Date.now() - 1_000, after: after?.id });
      const change = {
        fence: '',
        rule: event.rule,
        before: '',
        after: undefined,
        windows: 0,
        events: [],
      } as const;
      expect(await store.commit({ ...change, messages: [item] })).toBe(true);
    };
    return { redis, keyspace, store, reports, newOutbox, put };
  }

  test('a receiver that fails at random gets each notification, signed and under one id, though processes end', async () => {
    const seed = Number(process.env.TAILRACE_SEED ?? Math.floor(Math.random() * 2 ** 31));
    process.stdout.write(`receiver that fails: TAILRACE_SEED=${seed}\n`);
    let state = seed;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const outcomes = ['fail', 'cut', 'take', 'take'] as const;
    await using receiver = await startWebhookReceiver({
      secret: SECRET,
      mayTake: () => outcomes[Math.floor(random() * outcomes.length)] ?? 'take',
    });
    const world = open({ ops: webhookSender({ url: `${receiver.url}/hook`, secret: SECRET, mayConnect }) });
    const events = Array.from({ length: 30 }, (_, i) => testEvent(i));
    for (const event of events) await world.put(event, 'ops');
    let outbox = world.newOutbox();
    for (let i = 0; (await world.store.counts()).waiting > 0; i++) {
      await outbox.tick();
      if (i % 7 === 6) {
        await outbox.close();
        outbox = world.newOutbox();
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await outbox.close();
    const taken = receiver.received.filter(({ isTaken }) => isTaken);
    expect(new Set(taken.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set(events.map(({ id }) => id)),
    );
    expect(receiver.received.every(({ isSigned }) => isSigned)).toBe(true);
    expect(receiver.received.length).toBeGreaterThan(taken.length);
    for (const { body, headers } of receiver.received) {
      expect(JSON.parse(body)).toMatchObject({
        specversion: '1.0',
        id: headers['webhook-id'],
        type: 'tailrace.alert.firing',
        data: { status: 'firing', rule: 'r' },
      });
    }
    expect(await world.store.counts()).toMatchObject({ delivered: 30, givenUp: 0, lost: 0 });
  });

  test('a receiver that never answers delays no other, and its notifications stay', async () => {
    await using receiver = await startWebhookReceiver();
    const world = open({
      down: {
        send: (_, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      },
      up: webhookSender({ url: receiver.url, mayConnect }),
    });
    for (let i = 0; i < 200; i++) await world.put(testEvent(i), 'down');
    for (let i = 0; i < 5; i++) await world.put(testEvent(i), 'up');
    const outbox = world.newOutbox();
    // Until it is noted that they were taken, too.
    while ((await world.store.counts()).waiting > 200) {
      await outbox.tick();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await outbox.close();
    expect(receiver.received).toHaveLength(5);
    expect((await world.store.counts()).waiting).toBe(200);
  });

  test('the end of an alert is told after its begin', async () => {
    await using receiver = await startWebhookReceiver();
    let isDown = true;
    const inner = webhookSender({ url: receiver.url, mayConnect });
    const world = open({
      ops: {
        send: (event, options) => (isDown ? Promise.reject(new Error('down')) : inner.send(event, options)),
      },
    });
    const firing = testEvent(1);
    await world.put(testEvent(1, { status: 'resolved' }), 'ops', firing);
    await world.put(firing, 'ops');
    const outbox = world.newOutbox();
    await outbox.tick();
    isDown = false;
    while ((await world.store.counts()).waiting > 0) {
      await outbox.tick();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await outbox.close();
    expect(receiver.received.map(({ body }) => JSON.parse(body).data.status)).toEqual(['firing', 'resolved']);
  });

  test('a receiver that forgets is told again as long as the alert fires', async () => {
    await using receiver = await startWebhookReceiver();
    const world = open({ am: { ...webhookSender({ url: receiver.url, mayConnect }), renewMs: 20 } });
    const firing = testEvent(1);
    await world.put(firing, 'am');
    const outbox = world.newOutbox();
    while (receiver.received.length < 3) {
      await outbox.tick();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await world.store.counts()).toMatchObject({ waiting: 0, renewed: 1, delivered: 1 });
    await world.put(testEvent(1, { status: 'resolved' }), 'am', firing);
    while ((await world.store.counts()).waiting > 0) {
      await outbox.tick();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await outbox.close();
    expect(JSON.parse(receiver.received.at(-1)?.body ?? '').data.status).toBe('resolved');
    expect(await world.store.counts()).toMatchObject({ waiting: 0, renewed: 0, delivered: 2 });
  });

  test('the end of an alert waits for a renewal that is under way, and no other one begins', async () => {
    const told: string[] = [];
    let endRenewal: (() => void) | undefined;
    const world = open({
      am: {
        renewMs: 20,
        send: async (event) => {
          if (told.length === 1) await new Promise<void>((resolve) => (endRenewal = resolve));
          told.push(event.status);
        },
      },
    });
    const firing = testEvent(1);
    await world.put(firing, 'am');
    const outbox = world.newOutbox();
    while (endRenewal === undefined) {
      await outbox.tick();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await world.put(testEvent(1, { status: 'resolved' }), 'am', firing);
    for (let i = 0; i < 5; i++) {
      await outbox.tick();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(told).toEqual(['firing']);
    endRenewal();
    while ((await world.store.counts()).waiting > 0) {
      await outbox.tick();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await outbox.close();
    expect(told.at(-1)).toBe('resolved');
    expect(told.filter((status) => status === 'resolved')).toHaveLength(1);
    expect(await world.redis.zcard(world.keyspace.alerts('claims'))).toBe(0);
  });
});
