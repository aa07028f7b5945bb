import {
  type BreakglassReply,
  breakglassReplySchema,
  costsReplySchema,
  runReplySchema,
  runsReplySchema,
} from '@tailrace/api';
import {
  close,
  configureLogger,
  log_breakglass_activation,
  log_policy_decision,
  log_step_end,
  log_step_start,
  track_cost,
  withRun,
} from '@tailrace/logger';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, readConfig, startGateway } from '../index.js';

describe.each(TEST_ENGINES)('runs on $name', ({ start }) => {
  const engine = useEngine(start);
  let gateway: Gateway;

  beforeAll(async () => {
    const keyPrefix = engine.newKeyPrefix();
    const settings = { PORT: '0', REDIS_URL: engine.url, KEY_PREFIX: keyPrefix, DATA_DIR: '' };
    gateway = await startGateway(readConfig(settings), () => {});
    configureLogger({ redis: engine.url, keyPrefix });
    await withRun('run-001', async () => {
      log_step_start('abc123', { tool: 'write_file' });
      log_breakglass_activation({
        policy: 'fs_safe',
        enabled_by: 'admin@example.com',
        reason: 'Emergency maintenance',
        token_used: 'breakglass-token-123',
        expires_at: Date.now() + 3_600_000,
      });
      log_policy_decision({ step_id: 'abc123', decision: 'ALLOW', policy: 'fs_safe', breakglass: 'fs_safe' });
      for (let i = 0; i < 10; i++)
        track_cost({ step_id: 'abc123', cost_usd: 0.1, tokens: 100, model: 'gpt-4', tool: 'write_file' });
      log_step_end('abc123', { tool: 'write_file' });
    });
    log_breakglass_activation({
      policy: 'net',
      enabled_by: 'bob',
      reason: 'test',
      expires_at: Date.now() - 1,
    });
    withRun('run/2', () => track_cost({ cost_usd: 3, model: 'big' }), { user_id: 'alice' });
    expect(await close()).toMatchObject({ complete: true });
  });
  afterAll(() => gateway?.close());

  const get = async (path: string) => (await fetch(gateway.url + path)).json();

  test('are listed with how each ended and what it cost', async () => {
    const { runs } = runsReplySchema.parse(await get('/api/runs'));
    expect(runs).toMatchObject([
      { run_id: 'run-001', status: 'SUCCESS', steps: 1, failed_steps: 0, cost_usd: 1, tokens: 1000 },
      { run_id: 'run/2', status: 'SUCCESS', user_id: 'alice', cost_usd: 3 },
    ]);
    expect(runsReplySchema.parse(await get('/api/runs?user=alice')).runs.map(({ run_id }) => run_id)).toEqual(
      ['run/2'],
    );
    const newest = runsReplySchema.parse(await get('/api/runs?limit=1'));
    const older = runsReplySchema.parse(await get(`/api/runs?limit=1&cursor=${newest.next_cursor}`));
    expect([newest, older].map((page) => page.runs[0]?.run_id)).toEqual(['run/2', 'run-001']);
  });

  test('are told moment by moment', async () => {
    const { run, timeline } = runReplySchema.parse(await get('/api/runs/run-001'));
    expect(run).toMatchObject({ run_id: 'run-001', status: 'SUCCESS', cost_usd: 1 });
    expect(timeline.map(({ event }) => event)).toEqual([
      'RUN_START',
      'STEP_START',
      'BREAKGLASS_ACTIVATED',
      'POLICY_CHECK',
      ...Array(10).fill('COST_TRACKED'),
      'STEP_END',
      'RUN_END',
    ]);
    expect(timeline[1]).toMatchObject({ step_id: 'abc123', tool: 'write_file' });
    expect(runReplySchema.parse(await get('/api/runs/run%2F2')).timeline).toHaveLength(3);
    expect(await get('/api/runs/none')).toMatchObject({ error: { code: 'not_found' } });
  });

  test('have costs by run, model, day and tool, which add up', async () => {
    const costs = async (query: string) => costsReplySchema.parse(await get(`/api/costs?${query}`));
    expect(await costs('')).toMatchObject({
      total_cost_usd: 4,
      total_tokens: 1000,
      requests: 11,
      groups: [
        { name: 'big', cost_usd: 3, requests: 1 },
        { name: 'gpt-4', cost_usd: 1, tokens: 1000, requests: 10 },
      ],
      partial: false,
    });
    expect((await costs('by=run')).groups.map(({ name }) => name)).toEqual(['run/2', 'run-001']);
    expect((await costs('by=tool')).groups.map(({ name }) => name)).toEqual(['(none)', 'write_file']);
    expect((await costs('by=day')).groups[0]?.name).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(await costs('run=run-001')).toMatchObject({ total_cost_usd: 1, average_cost_usd: 0.1 });
  });

  test('list who set a policy out of force, until when, and whether it was used', async () => {
    const policies = async (query: string) => {
      const reply: BreakglassReply = breakglassReplySchema.parse(await get(`/api/audit/breakglass${query}`));
      return reply.breakglass.map(({ policy, is_active, uses }) => [policy, is_active, uses]);
    };
    expect(await policies('')).toEqual([
      ['fs_safe', true, 1],
      ['net', false, 0],
    ]);
    expect(await policies('?state=active')).toEqual([['fs_safe', true, 1]]);
    expect(await policies('?state=expired')).toEqual([['net', false, 0]]);
    expect(await policies('?state=used')).toEqual([['fs_safe', true, 1]]);
    const text = await (await fetch(`${gateway.url}/api/audit/breakglass`)).text();
    expect(text).toContain('"token_used":"hmac:');
    expect(text).not.toContain('breakglass-token-123');
  });
});
