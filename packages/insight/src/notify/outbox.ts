import { redisScript, runScript } from '@tailrace/redis';
import type { Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import { CLAIM_DUE_LUA } from '../store/claim-due.lua.js';
import { END_RENEWAL_LUA } from '../store/end-renewal.lua.js';
import { FINISH_SENDING_LUA } from '../store/finish-sending.lua.js';
import type { OutboxMessage } from '../store/outbox-item.js';
import { SendError, type Sender } from './sender.js';

/** @see createOutbox */
export interface OutboxOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** How each channel there is now is served. */
  readonly senders: () => ReadonlyMap<string, Sender>;
  readonly report: (text: string) => void;
  /** Milliseconds until the next attempt, after so many that failed. @default {@link backOffMs} */
  readonly backOffMs?: (tries: number) => number;
  /** From 0 up to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * Delivers notifications. Each is claimed by one process at a time and stays until its receiver has taken it, so that one is sent
 * again where a process ended in between: with the same id. Channels do not wait for each other.
 */
export interface Outbox {
  /** Begins to send what is due; does not wait for it. @throws what the connection throws */
  tick(): Promise<void>;
  /** Ends attempts that are under way. */
  close(): Promise<void>;
}

/** Attempts of one channel at once. */
const LANE = 4;
const SEND_TIMEOUT_MS = 15_000;
/** Longer than an attempt, so that nobody else sends meanwhile. */
const CLAIM_MS = 45_000;
const MAX_CLAIM = 64;
/** Time after which a notification is given up. */
const MAX_AGE_MS = 3 * 86_400_000;
/** Time for which an alert that fires is told again to a receiver that forgets. */
const MAX_RENEWAL_MS = 30 * 86_400_000;
/** Until a notification that must come before is delivered. */
const WAIT_MS = 1_000;
const BACK_OFF_S = [5, 10, 30, 60, 120, 300, 600];

const CLAIM_DUE = redisScript(CLAIM_DUE_LUA);
const END_RENEWAL = redisScript(END_RENEWAL_LUA);
const FINISH_SENDING = redisScript(FINISH_SENDING_LUA);

/** 5 s, 10 s, 30 s, 1 min, 2 min, 5 min, then every 10 min. */
export function backOffMs(tries: number): number {
  return (BACK_OFF_S[Math.min(tries, BACK_OFF_S.length) - 1] ?? 5) * 1_000;
}

/** @see Outbox */
export function createOutbox(options: OutboxOptions): Outbox {
  const { redis, keyspace, senders, report, random = Math.random } = options;
  const due = keyspace.alerts('due');
  const outbox = keyspace.alerts('outbox');
  const settings = keyspace.alerts('settings');
  const claims = keyspace.alerts('claims');
  const renewals = keyspace.alerts('renewals');
  const closing = new AbortController();
  const lanes = new Map<string, number>();
  const underWay = new Set<Promise<void>>();

  return {
    async tick() {
      const busy = [...lanes].filter(([, count]) => count >= LANE).map(([channel]) => channel);
      const [now, ...claimed] = (await runScript(
        redis,
        CLAIM_DUE,
        [due, outbox, claims],
        [MAX_CLAIM, CLAIM_MS, ...busy],
      )) as [number, ...string[]];
      for (let i = 0; i < claimed.length; i += 2) {
        const sending = deliver(claimed[i] as string, claimed[i + 1] as string, now).catch((error) => {
          if (!closing.signal.aborted)
            report(`alerts: what became of a notification could not be noted: ${messageOf(error)}`);
        });
        underWay.add(sending);
        void sending.finally(() => underWay.delete(sending));
      }
    },
    async close() {
      closing.abort();
      await Promise.all(underWay);
    },
  };

  async function deliver(key: string, json: string, now: number): Promise<void> {
    const message = parse(json);
    if (message === undefined) return finish(key, { outcome: 'given_up' });
    const { channel, event, since, after, isDelivered } = message;
    const count = lanes.get(channel) ?? 0;
    // More than a lane may have been claimed at once: the rest comes next.
    if (count >= LANE) return finish(key, { outcome: '', json, due: now });
    lanes.set(channel, count + 1);
    try {
      if (after !== undefined && !(await isTold(after)))
        return await finish(key, { outcome: '', json, due: now + WAIT_MS });
      const sender = senders().get(channel);
      if (sender === undefined) throw new SendError('there is no channel of that name now');
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(SEND_TIMEOUT_MS)]);
      await sender.send(event, { now, signal });
      const { renewMs } = sender;
      const isRenewed = renewMs !== undefined && event.status === 'firing' && now - since < MAX_RENEWAL_MS;
      await finish(key, {
        outcome: isDelivered ? '' : 'delivered',
        ...(isRenewed && {
          json: JSON.stringify({ ...message, tries: 0, isDelivered: true }),
          due: now + renewMs,
        }),
      });
    } catch (error) {
      if (closing.signal.aborted) return await finish(key, { outcome: '', json, due: now });
      await failed(key, message, { error, now });
    } finally {
      lanes.set(channel, (lanes.get(channel) ?? 1) - 1);
    }
  }

  /** Whether a notification was delivered and will not be told again, also not by an attempt that is under way. */
  async function isTold(key: string): Promise<boolean> {
    const json = await redis.hget(outbox, key);
    if (json === null) return true;
    if (parse(json)?.isDelivered !== true) return false;
    return (await runScript(redis, END_RENEWAL, [outbox, due, claims, renewals], [key])) === 1;
  }

  async function failed(
    key: string,
    message: OutboxMessage,
    { error, now }: { readonly error: unknown; readonly now: number },
  ): Promise<void> {
    const tries = message.tries + 1;
    const text = messageOf(error).slice(0, 300);
    if (now - message.since > MAX_AGE_MS && message.isDelivered !== true) {
      report(
        `alerts: ${message.event.alert} could not be told to ${message.channel} for three days: ${text}`,
      );
      return finish(key, { outcome: 'given_up' });
    }
    if (tries === 1 && message.isDelivered !== true) {
      report(
        `alerts: ${message.event.alert} could not be told to ${message.channel}, and is tried again: ${text}`,
      );
    }
    const wanted = error instanceof SendError ? error.retryAfterMs : undefined;
    const wait = wanted ?? (options.backOffMs ?? backOffMs)(tries);
    const json = JSON.stringify({ ...message, tries, error: text });
    await finish(key, { outcome: 'failed', json, due: now + Math.round(wait * (0.8 + 0.4 * random())) });
  }

  async function finish(key: string, { outcome, json = '', due: at = 0 }: Outcome): Promise<void> {
    const isRenewal = json !== '' && parse(json)?.isDelivered === true;
    const keys = [outbox, due, settings, claims, renewals];
    await runScript(redis, FINISH_SENDING, keys, [key, outcome, json, at, isRenewal ? 1 : 0]);
  }
}

interface Outcome {
  readonly outcome: 'delivered' | 'failed' | 'given_up' | '';
  /** @default it is removed */
  readonly json?: string;
  /** Epoch milliseconds. */
  readonly due?: number;
}

function parse(json: string): OutboxMessage | undefined {
  try {
    return JSON.parse(json) as OutboxMessage;
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
