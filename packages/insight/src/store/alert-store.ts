import { redisScript, runScript } from '@tailrace/redis';
import type { Keyspace } from '@tailrace/schema';
import type { Redis } from 'ioredis';
import type { RuleState } from '../evaluate/rule-state.js';
import type { AlertEvent } from './alert-event.js';
import { COMMIT_STATE_LUA } from './commit-state.lua.js';
import { END_LEASE_LUA } from './end-lease.lua.js';
import { inOne } from './in-one.js';
import { TAKE_LEASE_LUA } from './take-lease.lua.js';

/** Events of the history that are kept. */
export const MAX_HISTORY = 10_000;
/** Notifications that wait at most; one more is counted as lost. */
export const MAX_OUTBOX = 10_000;
/** Silences at once. */
export const MAX_SILENCES = 1_000;

/** Nobody is told of a rule, or of one group of it, before `until`. */
export interface Silence {
  readonly rule: string;
  /** @default all groups */
  readonly group: string | null;
  /** Epoch milliseconds. */
  readonly until: number;
  readonly reason: string | null;
}

/** The state of a rule with the text it is stored as, which whoever replaces it must know. */
export interface StoredState {
  readonly state: RuleState;
  readonly text: string;
}

/** A notification for the outbox. */
export interface OutboxItem {
  /** `{id}|{channel}` */
  readonly key: string;
  readonly json: string;
  /** Epoch milliseconds. */
  readonly due: number;
}

/** A change of a rule's state with all that belongs to it. */
export interface Commit {
  /** The fencing number of the lease; `''` for whoever needs no lease. */
  readonly fence: number | '';
  readonly rule: string;
  /** The text it replaces; `''`: there was none. */
  readonly before: string;
  /** `undefined` removes it. */
  readonly after: RuleState | undefined;
  readonly windows: number;
  readonly events: readonly AlertEvent[];
  readonly messages: readonly OutboxItem[];
}

/** What alerts keep in Redis. Every method throws what the connection throws. */
export interface AlertStore {
  /** @returns the fencing number, 0 when another owner has the lease; and the server's time, epoch milliseconds */
  takeLease(owner: string, lastsMs: number): Promise<{ readonly fence: number; readonly now: number }>;
  endLease(owner: string): Promise<void>;
  states(): Promise<Map<string, StoredState>>;
  state(rule: string): Promise<StoredState | undefined>;
  /** @returns false when the lease has changed hands or the state is another one now: nothing was written then */
  commit(commit: Commit): Promise<boolean>;
  /** Newest first. */
  history(limit: number): Promise<AlertEvent[]>;
  /** Whether there is anything to do: which versions rules and marks of error groups are of, and whether rules have states. */
  presence(): Promise<{
    readonly rulesVersion: string;
    readonly marksVersion: string;
    readonly hasStates: boolean;
  }>;
  /** Rules as they were given, by id. */
  rules(): Promise<Map<string, string>>;
  putRule(id: string, json: string): Promise<void>;
  removeRule(id: string): Promise<boolean>;
  silences(now: number): Promise<Map<string, Silence>>;
  putSilence(id: string, silence: Silence): Promise<void>;
  removeSilence(id: string): Promise<void>;
  cursor(): Promise<string | undefined>;
  setCursor(cursor: string): Promise<void>;
  counts(): Promise<AlertCounts>;
}

/** How much there is, and was. */
export interface AlertCounts {
  readonly evaluated: number;
  readonly lost: number;
  /** Not delivered yet. */
  readonly waiting: number;
  /** Delivered, and told again as long as their alerts fire. */
  readonly renewed: number;
  readonly delivered: number;
  readonly failed: number;
  readonly givenUp: number;
}

const TAKE_LEASE = redisScript(TAKE_LEASE_LUA);
const END_LEASE = redisScript(END_LEASE_LUA);
const COMMIT_STATE = redisScript(COMMIT_STATE_LUA);

/** @see AlertStore */
export function createAlertStore({
  redis,
  keyspace,
}: {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
}): AlertStore {
  const rules = keyspace.alerts('rules');
  const states = keyspace.alerts('states');
  const history = keyspace.alerts('history');
  const silences = keyspace.alerts('silences');
  const outbox = keyspace.alerts('outbox');
  const due = keyspace.alerts('due');
  const renewals = keyspace.alerts('renewals');
  const settings = keyspace.alerts('settings');
  const lease = keyspace.alerts('lease');

  return {
    async takeLease(owner, lastsMs) {
      const [fence = 0, now = 0] = (await runScript(
        redis,
        TAKE_LEASE,
        [lease, settings],
        [owner, lastsMs],
      )) as number[];
      return { fence, now };
    },
    async endLease(owner) {
      await runScript(redis, END_LEASE, [lease], [owner]);
    },
    async states() {
      const found = new Map<string, StoredState>();
      for (const [rule, text] of Object.entries(await redis.hgetall(states))) {
        const state = parse<RuleState>(text);
        if (state !== undefined) found.set(rule, { state, text });
      }
      return found;
    },
    async state(rule) {
      const text = await redis.hget(states, rule);
      const state = text === null ? undefined : parse<RuleState>(text);
      return state === undefined || text === null ? undefined : { state, text };
    },
    async commit({ fence, rule, before, after, windows, events, messages }) {
      const args = [
        fence,
        rule,
        before,
        after === undefined ? '' : JSON.stringify(after),
        MAX_HISTORY,
        MAX_OUTBOX,
        windows,
        events.length,
        ...events.map((event) => JSON.stringify(event)),
        ...messages.flatMap(({ key, json, due }) => [key, json, due]),
      ];
      return (await runScript(redis, COMMIT_STATE, [settings, states, history, outbox, due], args)) !== -1;
    },
    async history(limit) {
      return (await redis.lrange(history, 0, limit - 1)).flatMap((text) => parse<AlertEvent>(text) ?? []);
    },
    async presence() {
      const [[rulesVersion, marksVersion], count] = await Promise.all([
        redis.hmget(settings, 'rules_version', 'marks_version'),
        redis.hlen(states),
      ]);
      return { rulesVersion: rulesVersion ?? '', marksVersion: marksVersion ?? '', hasStates: count > 0 };
    },
    async rules() {
      return new Map(Object.entries(await redis.hgetall(rules)));
    },
    async putRule(id, json) {
      await inOne(redis.multi().hset(rules, id, json).hincrby(settings, 'rules_version', 1));
    },
    async removeRule(id) {
      const [removed] = await inOne(redis.multi().hdel(rules, id).hincrby(settings, 'rules_version', 1));
      return removed === 1;
    },
    async silences(now) {
      const found = new Map<string, Silence>();
      const over: string[] = [];
      for (const [id, text] of Object.entries(await redis.hgetall(silences))) {
        const silence = parse<Silence>(text);
        if (silence !== undefined && silence.until > now) found.set(id, silence);
        else over.push(id);
      }
      if (over.length > 0) await redis.hdel(silences, ...over);
      return found;
    },
    async putSilence(id, silence) {
      if ((await redis.hlen(silences)) >= MAX_SILENCES && (await redis.hexists(silences, id)) === 0) {
        throw new RangeError(`there are ${MAX_SILENCES} silences; allowed: no more`);
      }
      await redis.hset(silences, id, JSON.stringify(silence));
    },
    async removeSilence(id) {
      await redis.hdel(silences, id);
    },
    async cursor() {
      return (await redis.hget(settings, 'cursor')) ?? undefined;
    },
    async setCursor(cursor) {
      await redis.hset(settings, 'cursor', cursor);
    },
    async counts() {
      const [counted, all, renewed] = await Promise.all([
        redis.hgetall(settings),
        redis.hlen(outbox),
        redis.zcard(renewals),
      ]);
      const of = (name: string) => Number(counted[name] ?? 0);
      return {
        evaluated: of('evaluated'),
        lost: of('lost'),
        waiting: Math.max(0, all - renewed),
        renewed,
        delivered: of('delivered'),
        failed: of('failed'),
        givenUp: of('given_up'),
      };
    },
  };
}

/** What somebody else wrote there is passed over. */
function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
