import { compileFilter, createReader } from '@tailrace/query';
import { DEFAULT_RETENTION_DAYS, type Entry, Keyspace, placesOf, scoreOf } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import type { AlertRule } from '../rules/alert-rule.js';
import type { AlertEvent } from '../store/alert-event.js';
import { createAlertStore } from '../store/alert-store.js';
import { plainEvaluation } from '../testing/plain-evaluation.js';
import { type RuleChanges, testRule } from '../testing/test-rule.js';
import { createEvaluator } from './evaluator.js';
import { scanOf } from './scan.js';
import { simulate } from './simulate.js';

const START = Date.UTC(2026, 0, 15, 12);
const EVERY = 10_000;
const FIRST = START / EVERY + 1;
/** Windows a run has. */
const WINDOWS = 40;

describe.each(TEST_ENGINES)('on $name', ({ start }) => {
  const engine = useEngine(start);

  function open(rules: readonly AlertRule[]) {
    const { redis } = engine;
    const keyspace = new Keyspace({ prefix: engine.newKeyPrefix() });
    const clock = { now: START };
    const now = () => clock.now;
    const reader = createReader({ redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS, now });
    const store = createAlertStore({ redis, keyspace });
    const reports: string[] = [];
    const newEvaluator = (owner: string, { leaseMs = 5_000, searchMs = 0 } = {}) =>
      createEvaluator({
        shards: [{ redis, keyspace }],
        store,
        leaseMs,
        reader: {
          ...reader,
          async search(request, options) {
            if (searchMs > 0) await new Promise((resolve) => setTimeout(resolve, searchMs));
            return reader.search(request, options);
          },
        },
        rules: () => rules,
        hasFile: () => false,
        owner,
        now,
        report: (text) => reports.push(text),
      });
    let evaluator = newEvaluator('a');
    return {
      keyspace,
      clock,
      reader,
      store,
      newEvaluator,
      put: (entries: readonly Entry[]) => putEntries(redis, keyspace, entries),
      tick: () => evaluator.tick(),
      status: () => evaluator.status(),
      /** Another process takes over where the one before was killed. */
      async takeOver(owner: string) {
        await redis.del(keyspace.alerts('lease'));
        evaluator = newEvaluator(owner);
      },
    };
  }

  const shown = (events: readonly AlertEvent[]) =>
    events
      .map(({ labels, status, at, late }) => ({
        group: Object.keys(labels).length === 0 ? '' : JSON.stringify(Object.values(labels)),
        kind: status,
        window: at / EVERY,
        late,
      }))
      .sort((a, b) => a.window - b.window || (a.group < b.group ? -1 : 1));

  test('rules over random entries do what a plain evaluation in memory does, across processes that end', async () => {
    const property = fc.asyncProperty(
      ruleArbitrary,
      entriesArbitrary,
      killsArbitrary,
      async (rule, drafts, kills) => {
        const world = open([rule]);
        const entries = drafts.map((draft, i) => toEntry(world.keyspace, draft, i));
        await world.tick();
        const last = FIRST + WINDOWS;
        for (let window = FIRST; window <= last; window++) {
          // Twice, as a batch that is sent again.
          const arrived = entries.filter(({ timestamp }) => Math.floor(timestamp / EVERY) + 1 === window);
          await world.put(arrived);
          await world.put(arrived.slice(0, 1));
          if (kills.includes(window - FIRST)) await world.takeOver(`k${window}`);
          // A process that is away for a while catches up.
          if (kills.includes(window - FIRST + 1)) continue;
          world.clock.now = window * EVERY + rule.delayMs;
          await world.tick();
        }
        world.clock.now = last * EVERY + rule.delayMs;
        await world.tick();
        const expected = plainEvaluation(rule, entries, FIRST, last).map((event) => ({
          ...event,
          late: false,
        }));
        expect(shown(await world.store.history(10_000))).toEqual(expected);
        const { transitions } = await simulate(rule, { from: START, to: last * EVERY }, scanOf(world.reader));
        expect(transitions.map(({ kind, window }) => `${kind} ${window}`).sort()).toEqual(
          expected.map(({ kind, window }) => `${kind} ${window}`).sort(),
        );
      },
    );
    await fc.assert(property, { numRuns: 8, endOnFailure: true });
  }, 120_000);

  test('entries that come late add the alerts they show, marked late, once each, and take none back', async () => {
    const property = fc.asyncProperty(
      lateRuleArbitrary,
      entriesArbitrary,
      killsArbitrary,
      async (rule, drafts, kills) => {
        const world = open([rule]);
        const entries = drafts.map((draft, i) => toEntry(world.keyspace, draft, i));
        await world.tick();
        const last = FIRST + WINDOWS + 40;
        for (let window = FIRST; window <= last; window++) {
          const arrived = entries.filter(
            (entry, i) => Math.floor(entry.timestamp / EVERY) + 1 + (drafts[i]?.late ?? 0) === window,
          );
          await world.put(arrived);
          if (kills.includes(window - FIRST)) {
            await world.put(arrived);
            await world.takeOver(`k${window}`);
          }
          world.clock.now = window * EVERY + rule.delayMs;
          await world.tick();
        }
        await world.tick();
        const recorded = spansOf(shown(await world.store.history(10_000)));
        const expected = spansOf(plainEvaluation(rule, entries, FIRST, last));
        const meets = (a: Span, b: Span) => a.group === b.group && a.from <= b.to && b.from <= a.to;
        // Late entries only add to what is counted: each alert there should have been is told, and no other.
        for (const span of expected) expect(recorded.some((one) => meets(one, span))).toBe(true);
        for (const span of recorded) expect(expected.some((one) => meets(one, span))).toBe(true);
        for (const [i, span] of recorded.entries()) {
          expect(
            recorded.slice(i + 1).filter((other) => meets(other, span) && span.to !== other.from),
          ).toEqual([]);
        }
        const ids = (await world.store.history(10_000)).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      },
    );
    await fc.assert(property, { numRuns: 8, endOnFailure: true });
  }, 120_000);

  test('of two processes one evaluates; the other takes over when it ends', async () => {
    const world = open([testRule()]);
    const [a, b] = [world.newEvaluator('a'), world.newEvaluator('b')];
    expect([await a.tick(), await b.tick()]).toEqual([true, false]);
    expect([a.status().length, b.status().length]).toEqual([1, 0]);
    await a.close();
    expect([await b.tick(), await a.tick()]).toEqual([true, false]);
  });

  test('a tick that takes longer than the lease lasts keeps it', async () => {
    const world = open([testRule({ threshold: 0 })]);
    const [slow, other] = [
      world.newEvaluator('slow', { leaseMs: 1_500, searchMs: 2_500 }),
      world.newEvaluator('other'),
    ];
    await slow.tick();
    world.clock.now = START + 20_000;
    const ticking = slow.tick();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await other.tick()).toBe(false);
    expect(await ticking).toBe(true);
    expect((await world.store.state('r'))?.state.next).toBeGreaterThan(FIRST);
  });

  test('who has lost the lease writes nothing more', async () => {
    const world = open([testRule()]);
    await world.tick();
    const { fence } = await world.store.takeLease('a', 5_000);
    const before = await world.store.state('r');
    await world.takeOver('b');
    await world.tick();
    const change = {
      rule: 'r',
      before: before?.text ?? '',
      after: undefined,
      windows: 0,
      events: [],
      messages: [],
    };
    expect(await world.store.commit({ ...change, fence })).toBe(false);
    expect(await world.store.commit({ ...change, fence: fence + 1 })).toBe(true);
  });

  test('many rules of one time are read for together, with the same result', async () => {
    const rules = Array.from({ length: 40 }, (_, i) =>
      testRule({
        id: `r${i}`,
        filter: { component: `c${i % 4}` },
        threshold: i % 5,
        groupBy: i % 2 === 0 ? ['user'] : [],
      }),
    );
    const world = open(rules);
    await world.tick();
    const entries = Array.from({ length: 400 }, (_, i) =>
      toEntry(
        world.keyspace,
        {
          at: (i * 997) % (20 * EVERY),
          component: `c${i % 4}`,
          user: `u${i % 3}`,
          ms: 1,
          late: 0,
          isError: false,
        },
        i,
      ),
    );
    await world.put(entries);
    world.clock.now = START + 21 * EVERY;
    await world.tick();
    const history = await world.store.history(10_000);
    for (const rule of rules) {
      const own = shown(history.filter((event) => event.rule === rule.id)).map(
        ({ late: _, ...event }) => event,
      );
      expect(own).toEqual(plainEvaluation(rule, entries, FIRST, FIRST + 19));
    }
    expect(history.length).toBeGreaterThan(50);
  });

  test('a rule that changes, or goes, ends what fires of it, and tells who was told', async () => {
    const rules = [testRule({ threshold: 0, keepFiringForMs: 600_000 })];
    const world = open(rules);
    await world.tick();
    await world.put([
      toEntry(world.keyspace, { at: 1, component: 'a', user: 'u', ms: 1, late: 0, isError: false }, 0),
    ]);
    world.clock.now = START + 20_000;
    await world.tick();
    rules[0] = testRule({ threshold: 0, windowMs: 120_000 });
    await world.tick();
    world.clock.now += 30_000;
    await world.tick();
    rules.pop();
    await world.tick();
    const history = (await world.store.history(10)).reverse();
    expect(history.map(({ status, reason }) => [status, reason])).toEqual([
      ['firing', null],
      ['resolved', 'rule changed'],
      ['firing', null],
      ['resolved', 'rule removed'],
    ]);
    expect(await world.store.states()).toEqual(new Map());
    expect((await world.store.counts()).waiting).toBe(4);
  });
});

/** @see entriesArbitrary */
interface Draft {
  /** Milliseconds after START. */
  readonly at: number;
  readonly component: string;
  readonly user: string | undefined;
  readonly ms: number;
  /** Windows it comes late. */
  readonly late: number;
  readonly isError: boolean;
}

interface Span {
  readonly group: string;
  readonly from: number;
  readonly to: number;
}

/** Times that fire, from the window they begin in to the one they end in. */
function spansOf(events: readonly { group: string; kind: string; window: number }[]): Span[] {
  const spans: Span[] = [];
  for (const group of new Set(events.map((event) => event.group))) {
    let from: number | undefined;
    // Of one window the end of a time comes before the begin of the next.
    const own = events.filter((event) => event.group === group);
    own.sort((a, b) => a.window - b.window || (a.kind === 'resolved' ? -1 : 1));
    for (const { kind, window } of own) {
      if (kind === 'firing') from ??= window;
      else if (from !== undefined) {
        spans.push({ group, from, to: window });
        from = undefined;
      }
    }
    if (from !== undefined) spans.push({ group, from, to: Number.POSITIVE_INFINITY });
  }
  return spans;
}

const durationArbitrary = fc.constantFrom(0, 0, 10_000, 30_000);
const groupArbitrary = fc.constantFrom<readonly string[]>([], ['user'], ['user', 'component']);

const ruleArbitrary = fc
  .record({
    measure: fc.constantFrom('count', 'rate', 'ratio', 'distinct', 'average', 'max', 'min', 'absence'),
    operator: fc.constantFrom('>', '<'),
    threshold: fc.constantFrom(0, 0.3, 1, 2, 50),
    windowMs: fc.constantFrom(10_000, 30_000, 60_000),
    forMs: durationArbitrary,
    keepFiringForMs: durationArbitrary,
    cooldownMs: durationArbitrary,
    noData: fc.constantFrom('ok', 'keep', 'alert'),
    noDataForMs: durationArbitrary,
    groupBy: groupArbitrary,
    minCount: fc.constantFrom(1, 3),
  })
  .map((rule) =>
    testRule({
      ...rule,
      field: rule.measure === 'distinct' ? 'user' : 'ms',
      of: rule.measure === 'ratio' ? compileFilter({ level: 'ERROR' }) : undefined,
      // A group nobody knows yet has no data to miss, nor a value that is too low.
      ...(rule.groupBy.length > 0 && {
        noData: 'ok',
        operator: '>',
        measure: rule.measure === 'absence' ? 'count' : rule.measure,
      }),
      filter: rule.measure === 'absence' ? { component: 'a' } : {},
    } as RuleChanges),
  );

const lateRuleArbitrary = fc
  .record({
    measure: fc.constantFrom('count', 'rate', 'distinct', 'max'),
    threshold: fc.constantFrom(0, 1, 2),
    windowMs: fc.constantFrom(10_000, 30_000),
    forMs: durationArbitrary,
    groupBy: groupArbitrary,
  })
  .map((rule) => testRule({ ...rule, field: rule.measure === 'distinct' ? 'user' : 'ms' } as RuleChanges));

const entriesArbitrary: fc.Arbitrary<Draft[]> = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: WINDOWS * EVERY - 1 }),
    component: fc.constantFrom('a', 'b'),
    user: fc.constantFrom('u1', 'u2', undefined),
    ms: fc.constantFrom(1, 40, 70),
    late: fc.constantFrom(0, 0, 0, 1, 3, 30),
    isError: fc.boolean(),
  }),
  { minLength: 5, maxLength: 60 },
);

const killsArbitrary = fc.array(fc.integer({ min: 1, max: WINDOWS - 1 }), { maxLength: 4 });

function toEntry(keyspace: Keyspace, { at, component, user, ms, isError }: Draft, number: number): Entry {
  const timestamp = START + at;
  return {
    id: keyspace.entry('log', timestamp, component, number.toString(36).padStart(8, '0')),
    timestamp,
    kind: 'log',
    level: isError ? 'ERROR' : 'INFO',
    component,
    message: 'm',
    response_time_ms: ms,
    ...(user !== undefined && { user_id: user }),
  };
}

/** Stores entries as the storage table says, the plain way. */
async function putEntries(redis: Redis, keyspace: Keyspace, entries: readonly Entry[]): Promise<void> {
  const pipeline = redis.pipeline();
  for (const entry of entries) {
    const { id, kind: _, ...fields } = entry;
    pipeline.hset(
      id,
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
    );
    for (const { key, type } of placesOf(entry, { keyspace }))
      if (type === 'zset') pipeline.zadd(key, scoreOf(entry), id);
    pipeline.xadd(keyspace.stream(), '*', 'data', JSON.stringify(entry));
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
}
