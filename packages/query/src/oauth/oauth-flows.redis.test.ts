import { DEFAULT_RETENTION_DAYS, type Entry, Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { beforeEach, describe, expect, test } from 'vitest';
import { createReader } from '../search/reader.js';
import { storeEntries } from '../testing/store-entries.js';
import { DEFAULT_FLOW_BUDGET } from './flow-entries.js';
import { createOAuthFlows, type FlowsRequest } from './oauth-flows.js';

const HOUR_MS = 3_600_000;

describe.each(TEST_ENGINES)('createOAuthFlows, on $name', ({ start }) => {
  const now = Date.now();
  const keyspace = new Keyspace({ prefix: 'flows:' });
  const engine = useEngine(start);
  let number = 0;
  beforeEach(() => engine.redis.flushall());

  function entry(
    ago: number,
    event: string,
    oauth: Record<string, unknown>,
    fields: Partial<Entry> = {},
  ): Entry {
    const timestamp = now - ago;
    return {
      id: keyspace.entry('log', timestamp, 'oauth', String(number++).padStart(8, '0')),
      timestamp,
      kind: 'log',
      level: 'INFO',
      component: 'oauth',
      message: '',
      event,
      data: { oauth } as NonNullable<Entry['data']>,
      ...fields,
    };
  }

  const store = (entries: readonly Entry[]) => storeEntries(engine.redis, keyspace, entries);
  const find = (request: Partial<FlowsRequest>, budget = DEFAULT_FLOW_BUDGET) => {
    const { redis } = engine;
    const reader = createReader({ redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS });
    const flows = createOAuthFlows({ redis, keyspace, reader, budget });
    const window = { from: now - HOUR_MS, to: now };
    return flows.find({ filter: {}, window, limit: 100, abandonedAfterMs: 0, ...request });
  };

  test('finds the whole flow by one of its steps: other addresses, other users, before the window', async () => {
    const steps = [
      entry(2 * HOUR_MS, 'oauth.authorize', { state: 's' }, { client_ip: '192.0.2.1' }),
      entry(
        1.9 * HOUR_MS,
        'oauth.authorize',
        { state: 's', code: 'c' },
        { client_ip: '192.0.2.2', outcome: 'success' },
      ),
      entry(1.8 * HOUR_MS, 'oauth.token', { code: 'c', refresh_token: 'r1' }, { outcome: 'success' }),
      entry(
        0.5 * HOUR_MS,
        'oauth.refresh',
        { refresh_token: ['r1', 'r2'] },
        { outcome: 'success', user_id: 'ada' },
      ),
    ];
    await store([...steps, entry(1_000, 'oauth.authorize', { state: 'other' })]);
    const { flows, partial } = await find({ filter: { user: 'ada' } });
    expect(partial).toBe(false);
    expect(flows.map((flow) => flow.steps.map((step) => step.entry.id))).toEqual([steps.map(({ id }) => id)]);
    expect(flows[0]).toMatchObject({
      state: 'complete',
      clientIps: ['192.0.2.1', '192.0.2.2'],
      userId: 'ada',
    });
  });

  test('adds steps that only say their session', async () => {
    const begun = entry(
      3_000,
      'oauth.authorize',
      { state: 's' },
      { session_id: 'x', client_ip: '192.0.2.1' },
    );
    const login = entry(2_000, 'oauth.login', {}, { session_id: 'x' });
    const ofOtherFlow = entry(1_000, 'oauth.authorize', { state: 't' }, { session_id: 'x' });
    await store([begun, login, ofOtherFlow]);
    const { flows } = await find({ filter: { ip: '192.0.2.1' } });
    expect(flows.map(({ steps }) => steps.map(({ entry }) => entry.id))).toEqual([[begun.id, login.id]]);
  });

  test('gives the newest flows, oldest first', async () => {
    const entries = Array.from({ length: 5 }, (_, i) =>
      entry(5_000 - i, 'oauth.authorize', { state: `s${i}` }),
    );
    await store(entries);
    const { flows } = await find({ limit: 2 });
    expect(flows.map(({ steps }) => steps[0]?.entry.id)).toEqual(entries.slice(-2).map(({ id }) => id));
  });

  test('a token used thousands of times is still one flow from its beginning', async () => {
    const first = entry(9_000, 'oauth.token', { code: 'c', access_token: 'a' }, { outcome: 'success' });
    const uses = Array.from({ length: 2_000 }, (_, i) =>
      entry(
        8_000 - i,
        'oauth.validate',
        { access_token: 'a' },
        { outcome: 'success', client_ip: '192.0.2.1' },
      ),
    );
    await store([entry(9_500, 'oauth.authorize', { code: 'c' }), first, ...uses]);
    const { flows } = await find({ filter: { ip: '192.0.2.1' } });
    expect(flows).toHaveLength(1);
    expect(flows[0]?.steps.slice(0, 2).map(({ name }) => name)).toEqual(['authorize', 'token']);
  });

  test('reads no more than its budget and says so', async () => {
    const entries = Array.from({ length: 50 }, (_, i) =>
      entry(5_000 - i, 'oauth.authorize', { state: `s${i}` }),
    );
    await store(entries);
    const { flows, partial } = await find({}, { seeds: 10, entries: 20 });
    expect(partial).toBe(true);
    expect(flows.length).toBeLessThanOrEqual(20);
    expect(flows.at(-1)?.steps[0]?.entry.id).toBe(entries.at(-1)?.id);
  });

  test('survives entries whose details are of another shape', async () => {
    const odd = entry(1_000, 'oauth.odd', { state: 's', claims: 5, error: {} }, { outcome: 'failure' });
    const { data: _, ...bare } = entry(900, 'oauth.token', {});
    await store([odd, bare]);
    const { flows } = await find({});
    expect(flows.map(({ state, diagnosis }) => [state, diagnosis?.cause])).toEqual([
      ['failed', 'error_reported'],
      ['complete', undefined],
    ]);
  });

  test('ends with the reason of an abort', async () => {
    const { redis } = engine;
    await store([entry(1_000, 'oauth.authorize', { state: 's' })]);
    const reader = createReader({ redis, keyspace, retentionDays: DEFAULT_RETENTION_DAYS });
    const request = { filter: {}, window: { from: 0, to: now }, limit: 1, abandonedAfterMs: 0 };
    const found = createOAuthFlows({ redis, keyspace, reader }).find(request, {
      signal: AbortSignal.abort(new Error('gone')),
    });
    await expect(found).rejects.toThrow('gone');
  });
});
