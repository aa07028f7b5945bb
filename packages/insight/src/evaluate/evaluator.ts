import type { LogReader, Shard } from '@tailrace/query';
import { DAY_MS } from '@tailrace/schema';
import { type AlertRule, lastDueWindow, slotsOf } from '../rules/alert-rule.js';
import type { AlertStore, Commit, Silence, StoredState } from '../store/alert-store.js';
import { type Held, noteLate, type RuleStatus, slotsFor, statusOf } from './held.js';
import { readNewEntries } from './late-entries.js';
import {
  type Advance,
  advance,
  endAll,
  firstState,
  firstWindowOf,
  type RuleState,
  replay,
  replayReach,
} from './rule-state.js';
import { scanOf } from './scan.js';
import { fillShared, STEP } from './shared-slots.js';
import { tell } from './told.js';

/** What an evaluator works with. */
export interface EvaluatorOptions {
  /** Every shard entries are in; one server is one shard. */
  readonly shards: readonly Shard[];
  readonly store: AlertStore;
  readonly reader: LogReader;
  /** The rules as they are now. */
  readonly rules: () => readonly AlertRule[];
  /** Whether this process has a file of rules; the states of another one's are left alone. */
  readonly hasFile: () => boolean;
  /** A name no other process has. */
  readonly owner: string;
  /** Told of what goes wrong. */
  readonly report: (text: string) => void;
  /** The clock windows end by, epoch milliseconds. @default the server's */
  readonly now?: (() => number) | undefined;
  /** @default {@link LEASE_MS} */
  readonly leaseMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Evaluates rules, as long as it holds the lease. */
export interface Evaluator {
  /**
   * Takes or renews the lease and evaluates all that is due.
   *
   * @returns whether it holds the lease
   * @throws what the connection throws; what was not committed is done again at the next tick.
   */
  tick(): Promise<boolean>;
  /** How rules stand; nothing where another process holds the lease. */
  status(): readonly RuleStatus[];
  /** Gives the lease back, so that another process need not wait for its end. */
  close(): Promise<void>;
}

/** How long a lease lasts without being renewed. */
export const LEASE_MS = 5_000;
/** An outage longer than this is not caught up in whole: the windows before are left out, and counted. */
export const MAX_CATCH_UP_MS = DAY_MS;
/** Reads of the stream in one tick. */
const MAX_READS = 20;

/** @see Evaluator */
export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { shards, store, owner, report, leaseMs = LEASE_MS } = options;
  const scan = scanOf(options.reader, options.signal);
  let held: Held | undefined;

  return {
    async tick() {
      const { fence, now: serverNow } = await store.takeLease(owner, leaseMs);
      if (fence === 0) {
        held = undefined;
        return false;
      }
      const now = options.now?.() ?? serverNow;
      if (held?.fence !== fence) {
        held = {
          fence,
          now,
          states: await store.states(),
          slots: new Map(),
          dirty: new Map(),
          cursor: await store.cursor(),
        };
      }
      held.now = now;
      // A tick may take longer than the lease lasts; whoever lost it commits nothing more.
      const renewal = setInterval(
        () => void store.takeLease(owner, leaseMs).catch(() => undefined),
        leaseMs / 3,
      );
      try {
        await evaluateAll(held);
      } finally {
        clearInterval(renewal);
      }
      return true;
    },
    status: () =>
      held === undefined ? [] : options.rules().flatMap((rule) => statusOf(rule, held as Held) ?? []),
    async close() {
      held = undefined;
      await store.endLease(owner);
    },
  };

  async function evaluateAll(mine: Held): Promise<void> {
    const rules = options.rules();
    const silences = [...(await store.silences(mine.now)).values()];
    await dropRemoved(mine, rules, silences);
    const cursor = await lookForLate(mine, rules);
    for (const rule of rules) await evaluateLate(mine, rule, silences);
    if (cursor !== mine.cursor && mine.dirty.size === 0) {
      await store.setCursor(cursor);
      mine.cursor = cursor;
    }
    await fillShared(mine, rules, scan);
    for (const rule of rules) {
      await evaluateDue(mine, rule, silences);
      options.signal?.throwIfAborted();
    }
  }

  /** Ends what fires of rules that are gone. */
  async function dropRemoved(
    mine: Held,
    rules: readonly AlertRule[],
    silences: readonly Silence[],
  ): Promise<void> {
    const known = new Set(rules.map(({ id }) => id));
    for (const [id, { state }] of mine.states) {
      if (known.has(id) || (state.about.isOfFile && !options.hasFile())) continue;
      await end(mine, id, undefined, { silences, reason: 'rule removed' });
      mine.slots.delete(id);
      mine.dirty.delete(id);
    }
  }

  /** Notes which slots that are evaluated already got another entry. @returns where to go on */
  async function lookForLate(mine: Held, rules: readonly AlertRule[]): Promise<string> {
    const before = mine.cursor?.split(' ') ?? [];
    const after = shards.map((shard, i) =>
      lookAt(shard, before.length === shards.length ? before[i] : undefined),
    );
    return (await Promise.all(after)).join(' ');

    async function lookAt({ redis, keyspace }: Shard, from: string | undefined): Promise<string> {
      let cursor = from;
      for (let reads = 0; ; reads++) {
        const read = await readNewEntries(redis, keyspace.stream(), cursor);
        for (const rule of rules) noteLate(mine, rule, read);
        if (read.isGap) {
          report(
            'alerts: entries left the stream before they were looked at; what came late is looked for anew',
          );
        }
        cursor = read.cursor;
        if (!read.isMore || reads >= MAX_READS) return cursor;
      }
    }
  }

  async function evaluateLate(mine: Held, rule: AlertRule, silences: readonly Silence[]): Promise<void> {
    const dirty = mine.dirty.get(rule.id);
    const stored = mine.states.get(rule.id);
    if (dirty === undefined || stored === undefined) return;
    const { state } = stored;
    const slots = slotsFor(mine, rule);
    await slots.recount(dirty, scan);
    const back = Math.ceil(Math.max(rule.forMs, rule.noDataForMs) / rule.everyMs) + 1;
    const from = firstWindowOf(Math.min(...dirty)) - back;
    await slots.fill(from - slotsOf(rule), state.next - 2, scan);
    if (await commit(mine, rule, stored, replay(rule, state, from, slots.at), { silences, windows: 0 })) {
      mine.dirty.delete(rule.id);
    }
  }

  async function evaluateDue(mine: Held, rule: AlertRule, silences: readonly Silence[]): Promise<void> {
    const due = lastDueWindow(rule, mine.now);
    let { state } = await storedStateOf(mine, rule, silences);
    if (state.revision !== rule.revision) return;
    const first = due + 1 - Math.floor(MAX_CATCH_UP_MS / rule.everyMs);
    if (state.next < first) {
      report(`alerts: rule ${rule.id} leaves out ${first - state.next} windows of more than a day ago`);
      state = { ...state, since: first, next: first, skipped: state.skipped + first - state.next };
    }
    const slots = slotsFor(mine, rule);
    while (state.next <= due) {
      const last = Math.min(due, state.next + STEP - 1);
      await slots.fill(state.next - slotsOf(rule), last - 1, scan);
      const before = mine.states.get(rule.id);
      const windows = last - state.next + 1;
      if (before === undefined) return;
      if (!(await commit(mine, rule, before, advance(rule, state, last, slots.at), { silences, windows })))
        return;
      state = mine.states.get(rule.id)?.state ?? state;
    }
    slots.forgetBefore(state.next - replayReach(rule) - slotsOf(rule));
  }

  /** The state of a rule; a new one where there is none, or where the rule is another one now. */
  async function storedStateOf(
    mine: Held,
    rule: AlertRule,
    silences: readonly Silence[],
  ): Promise<StoredState> {
    const stored = mine.states.get(rule.id);
    if (stored?.state.revision === rule.revision) return stored;
    mine.slots.delete(rule.id);
    mine.dirty.delete(rule.id);
    const fresh = firstState(rule, mine.now);
    await end(mine, rule.id, fresh, { silences, reason: 'rule changed' });
    return mine.states.get(rule.id) ?? { state: fresh, text: '' };
  }

  /** Ends whatever fires of a rule, and puts another state in place of its own. */
  async function end(
    mine: Held,
    rule: string,
    after: RuleState | undefined,
    { silences, reason }: { readonly silences: readonly Silence[]; readonly reason: string },
  ): Promise<void> {
    const before = mine.states.get(rule);
    const transitions = before === undefined ? [] : endAll(before.state, before.state.next - 1, reason);
    const told =
      before &&
      tell(before.state.about, { state: { ...before.state, groups: {} }, transitions }, silences, mine.now);
    const { events = [], messages = [] } = told ?? {};
    await write(mine, {
      fence: mine.fence,
      rule,
      before: before?.text ?? '',
      after,
      windows: 0,
      events,
      messages,
    });
  }

  /** Commits what windows did. @see write */
  async function commit(
    mine: Held,
    rule: AlertRule,
    before: StoredState,
    step: Advance,
    { silences, windows }: { readonly silences: readonly Silence[]; readonly windows: number },
  ): Promise<boolean> {
    const { state, events, messages } = tell(rule, step, silences, mine.now);
    const isSame = JSON.stringify(state) === before.text && events.length === 0 && messages.length === 0;
    if (isSame) return true;
    const { fence } = mine;
    return write(mine, {
      fence,
      rule: rule.id,
      before: before.text,
      after: state,
      windows,
      events,
      messages,
    });
  }

  /** @returns false when somebody changed the state meanwhile: it is read anew, and the next tick does it again. */
  async function write(mine: Held, change: Commit): Promise<boolean> {
    const { rule, after } = change;
    const isDone = await store.commit(change);
    const now = !isDone ? await store.state(rule) : after && { state: after, text: JSON.stringify(after) };
    if (now === undefined) mine.states.delete(rule);
    else mine.states.set(rule, now);
    return isDone;
  }
}
