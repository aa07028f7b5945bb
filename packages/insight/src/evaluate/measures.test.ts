import { compileFilter } from '@tailrace/query';
import type { Entry } from '@tailrace/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../errors/fingerprint.js';
import type { GroupMark } from '../errors/group-mark.js';
import type { AlertRule } from '../rules/alert-rule.js';
import { testRule } from '../testing/test-rule.js';
import type { Scan } from './scan.js';
import { simulate } from './simulate.js';
import { SlotCache } from './slot-cache.js';
import { windowValues } from './window-values.js';

const EVERY = 10_000;
const START = 1_700_000_000_000;
const MINUTE = 60_000;

let count = 0;
function entry(at: number, changes: Partial<Entry> = {}): Entry {
  count += 1;
  return {
    id: `log:${START + at}:app:${count}`,
    timestamp: START + at,
    kind: 'log',
    level: 'INFO',
    component: 'app',
    message: 'm',
    ...changes,
  };
}
const failure = (at: number, message: string, changes: Partial<Entry> = {}) =>
  entry(at, { level: 'ERROR', message, ...changes });

function scanOf(entries: readonly Entry[]): Scan {
  return async ({ filter, window }, visit) => {
    for (const one of entries) {
      const isInside = one.timestamp >= window.from && one.timestamp <= window.to;
      if (isInside && filter.matches(one)) visit(one);
    }
  };
}

/** The values of the window that is over `at` milliseconds after the start. */
async function valuesAt(rule: AlertRule, entries: readonly Entry[], at: number) {
  const window = Math.floor((START + at) / EVERY);
  const slots = new SlotCache(rule);
  await slots.fill(window - (rule.windowMs + rule.baselineMs) / EVERY, window - 1, scanOf(entries));
  return windowValues(rule, window, slots.at);
}

const valueAt = async (rule: AlertRule, entries: readonly Entry[], at: number) =>
  (await valuesAt(rule, entries, at)).get('');

const baselined = (changes: Parameters<typeof testRule>[0]) =>
  testRule({ windowMs: MINUTE, baselineMs: 10 * MINUTE, threshold: 0, ...changes });

describe('new_errors', () => {
  const rule = baselined({ measure: 'new_errors' });

  test('counts groups of errors that were not there in the time before', async () => {
    const entries = [
      failure(0, 'old 1'),
      failure(5 * MINUTE, 'old 2'),
      failure(5 * MINUTE + 1, 'fresh 1'),
      failure(5 * MINUTE + 2, 'fresh 2'),
      entry(5 * MINUTE + 3, { message: 'no error at all' }),
    ];
    expect(await valueAt(rule, entries, 6 * MINUTE)).toBe(1);
    expect(await valueAt(rule, entries, 7 * MINUTE)).toBe(0);
    // Ten minutes after it was seen last, it is new again.
    const again = [...entries, failure(20 * MINUTE, 'fresh 3')];
    expect(await valueAt(rule, again, 21 * MINUTE)).toBe(1);
  });

  test('counts none that somebody marked, as long as the mark holds', async () => {
    const entries = [failure(0, 'a 1'), failure(0, 'b 1')];
    const marks = new Map<string, GroupMark>();
    const marked = { ...rule, marks: () => marks };
    const of = (changes: Partial<GroupMark>): GroupMark => ({
      state: 'muted',
      at: 0,
      release: null,
      until: null,
      reason: null,
      ...changes,
    });
    const { id } = fingerprintOf(failure(0, 'a 2'));
    expect(await valueAt(marked, entries, MINUTE)).toBe(2);
    marks.set(id, of({}));
    expect(await valueAt(marked, entries, MINUTE)).toBe(1);
    marks.set(id, of({ until: START + MINUTE }));
    expect(await valueAt(marked, entries, MINUTE)).toBe(2);
  });

  test('tells groups of errors apart by fingerprint and pattern, new ones first', async () => {
    const grouped = { ...rule, groupBy: ['pattern'], maxGroups: 1 };
    const entries = [
      ...Array.from({ length: 9 }, (_, i) => failure(0, `old ${i}`)),
      ...Array.from({ length: 9 }, (_, i) => failure(5 * MINUTE, `old ${i}`)),
      failure(5 * MINUTE, 'fresh 1'),
    ];
    expect(await valuesAt(grouped, entries, 6 * MINUTE)).toEqual(new Map([['["fresh <number>"]', 1]]));
  });

  test('is what a plain count of fingerprints says, whatever the entries', async () => {
    const drafts = fc.array(fc.record({ at: fc.nat(20 * MINUTE), kind: fc.nat(5), isError: fc.boolean() }), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(drafts, fc.integer({ min: 66, max: 120 }), async (given, window) => {
        const entries = given.map(({ at, kind, isError }) =>
          entry(at, { level: isError ? 'ERROR' : 'INFO', message: `${'abcdef'[kind]} ${at}` }),
        );
        const end = Math.floor(START / EVERY) * EVERY + window * EVERY;
        const kindsIn = (from: number, to: number) =>
          new Set(
            entries
              .filter(({ timestamp, level }) => level === 'ERROR' && timestamp >= from && timestamp < to)
              .map(({ message }) => message[0]),
          );
        const before = kindsIn(end - 11 * MINUTE, end - MINUTE);
        const fresh = [...kindsIn(end - MINUTE, end)].filter((kind) => !before.has(kind));
        expect(await valueAt(rule, entries, end - START)).toBe(fresh.length);
      }),
      { numRuns: 100 },
    );
  });
});

test('regressed_errors counts groups that are seen again after they were resolved', async () => {
  const { id } = fingerprintOf(failure(0, 'a 1'));
  const mark: GroupMark = { state: 'resolved', at: START + 30_000, release: null, until: null, reason: null };
  const rule = testRule({
    measure: 'regressed_errors',
    windowMs: MINUTE,
    marks: () => new Map([[id, mark]]),
  });
  const entries = [failure(10_000, 'a 2'), failure(MINUTE + 1, 'a 3'), failure(MINUTE + 2, 'b 1')];
  expect(await valueAt(rule, entries, MINUTE)).toBe(0);
  expect(await valueAt(rule, entries, 2 * MINUTE)).toBe(1);
  const { transitions } = await simulate(
    { ...rule, threshold: 0 },
    { from: START, to: START + 10 * MINUTE },
    scanOf(entries),
  );
  expect(transitions.map(({ kind }) => kind)).toEqual(['firing', 'resolved']);
});

test('new_patterns counts what nobody said in that way before', async () => {
  const rule = baselined({ measure: 'new_patterns' });
  const entries = [
    entry(0, { message: 'user anna signed in from vienna' }),
    entry(5 * MINUTE, { message: 'user bob signed in from graz' }),
    entry(5 * MINUTE, { message: 'disk is full' }),
  ];
  expect(await valueAt(rule, entries, MINUTE)).toBe(1);
  expect(await valueAt(rule, entries, 6 * MINUTE)).toBe(1);
});

describe('oauth_diagnosis', () => {
  const rule = testRule({
    measure: 'oauth_diagnosis',
    windowMs: MINUTE,
    baselineMs: 30 * MINUTE,
    threshold: 0,
  });
  const step = (at: number, name: string, changes: Partial<Entry> = {}) =>
    entry(at, { event: `oauth.${name}`, session_id: 's', client_id: 'shop', outcome: 'success', ...changes });
  const denied = [
    step(0, 'authorize'),
    step(2 * MINUTE + 1, 'consent', { outcome: 'failure', data: { error: 'access_denied' } }),
  ];

  test('counts a sign-in in the window that has the step which shows what went wrong', async () => {
    expect(await valueAt(rule, denied, 2 * MINUTE)).toBe(0);
    expect(await valueAt(rule, denied, 3 * MINUTE)).toBe(1);
    expect(await valueAt(rule, denied, 5 * MINUTE)).toBe(0);
  });

  test('groups by cause and client, also where the step does not name the client', async () => {
    const grouped = { ...rule, groupBy: ['cause', 'client'] };
    const [first, { client_id: _, ...last }] = denied as [Entry, Entry];
    const values = await valuesAt(grouped, [first, last], 3 * MINUTE);
    expect([...values].map(([group, value]) => [JSON.parse(group)[1], value])).toEqual([['shop', 1]]);
    expect(JSON.parse([...values.keys()][0] ?? '')[0]).toMatch(/^[a-z_]+$/);
  });

  test('counts no sign-in that went well', async () => {
    const well = [step(0, 'authorize'), step(1_000, 'callback'), step(2_000, 'token')];
    expect(await valueAt(rule, well, MINUTE)).toBe(0);
  });
});

test('breakglass counts activations, and decisions that one let pass', async () => {
  const rule = testRule({ measure: 'breakglass', windowMs: MINUTE });
  const entries = [
    entry(0, { level: 'AUDIT', event: 'BREAKGLASS_ACTIVATED', data: { policy: 'p' } }),
    entry(1, { level: 'AUDIT', event: 'POLICY_CHECK', data: { breakglass: 'p' } }),
    entry(2, { level: 'AUDIT', event: 'POLICY_CHECK', data: {} }),
    entry(3, { event: 'other' }),
  ];
  expect(await valueAt(rule, entries, MINUTE)).toBe(2);
});

test('an entry beside the filter counts for no measure', async () => {
  const rule = { ...baselined({ measure: 'new_errors' }), filter: compileFilter({ component: 'db' }) };
  expect(await valueAt(rule, [failure(0, 'a')], MINUTE)).toBe(0);
});
