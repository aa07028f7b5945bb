import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  log_breakglass_activation,
  log_info,
  log_policy_decision,
  log_step_end,
  log_step_start,
  track_cost,
  withRun,
} from '../index.js';
import { createRecorder, type Recorder } from '../testing.js';

let recorder: Recorder;
beforeEach(() => {
  recorder = createRecorder();
});
afterEach(() => recorder.stop());

const told = () =>
  recorder.entries.map(({ level, event, outcome, objects, data }) => ({
    level,
    event,
    outcome,
    objects,
    ...data,
  }));
const last = () => told().at(-1);

describe('a run', () => {
  test('is told from its start to its end, with its steps, decisions and costs (spec 004)', async () => {
    const result = await withRun(
      'run-001',
      async () => {
        log_step_start('abc123', { tool: 'write_file' });
        log_policy_decision({ step_id: 'abc123', decision: 'ALLOW', policy: 'fs_safe' });
        await Promise.resolve();
        track_cost({ step_id: 'abc123', cost_usd: 0.001, tokens: 100, model: 'gpt-4' });
        log_info('between');
        log_step_end('abc123', { tool: 'write_file', status: 'SUCCESS' });
        log_step_start('def', { tool: 'rm' });
        log_policy_decision({ step_id: 'def', decision: 'BLOCK', validator: 'security_path_traversal' });
        log_step_end('def', { tool: 'rm', status: 'BLOCKED' });
        return 7;
      },
      { user_id: 'alice' },
    );
    expect(result).toBe(7);
    await Promise.resolve();
    const run = { run_id: 'run-001', objects: ['run:run-001'] };
    expect(told()).toMatchObject([
      { ...run, event: 'RUN_START', level: 'AUDIT' },
      { ...run, event: 'STEP_START', step_id: 'abc123', tool: 'write_file', level: 'INFO' },
      {
        ...run,
        event: 'POLICY_CHECK',
        step_id: 'abc123',
        decision: 'ALLOW',
        outcome: 'success',
        level: 'AUDIT',
      },
      { ...run, event: 'COST_TRACKED', step_id: 'abc123', cost_usd: 0.001, tokens: 100, model: 'gpt-4' },
      { run_id: 'run-001' },
      { ...run, event: 'STEP_END', step_id: 'abc123', status: 'SUCCESS', outcome: 'success' },
      { ...run, event: 'STEP_START', step_id: 'def' },
      { ...run, event: 'POLICY_CHECK', decision: 'BLOCK', outcome: 'failure' },
      { ...run, event: 'STEP_END', status: 'BLOCKED', outcome: 'failure' },
      {
        ...run,
        event: 'RUN_END',
        status: 'SUCCESS',
        steps: 2,
        failed_steps: 1,
        cost_usd: 0.001,
        tokens: 100,
        duration_ms: expect.any(Number),
      },
    ]);
    expect(recorder.entries.every(({ user_id }) => user_id === 'alice')).toBe(true);
    expect(told()[5]).toHaveProperty('duration_ms');
  });

  test('that throws or rejects fails, and what it threw is thrown on', async () => {
    const error = new Error('no');
    expect(() =>
      withRun('a', () => {
        throw error;
      }),
    ).toThrow(error);
    expect(last()).toMatchObject({ event: 'RUN_END', run_id: 'a', status: 'FAILED', outcome: 'failure' });
    await expect(withRun('b', () => Promise.reject(error))).rejects.toBe(error);
    expect(last()).toMatchObject({ event: 'RUN_END', run_id: 'b', status: 'FAILED' });
    expect(recorder.entries.at(-1)).toMatchObject({ error: { message: 'no' } });
  });

  test('keeps of a breakglass who, why, until when and what, and of its token a hash', () => {
    const record = log_breakglass_activation({
      policy: 'fs_safe',
      enabled_by: 'admin@example.com',
      reason: 'Emergency maintenance',
      expires_at: '2024-01-15T11:30:00Z',
      token_used: 'breakglass-token-123',
      affected_validators: ['security_path_traversal'],
      affected_decisions: ['BLOCK'],
    });
    expect(last()).toMatchObject({ level: 'AUDIT', event: 'BREAKGLASS_ACTIVATED', ...record });
    expect(record).toMatchObject({
      enabled_by: 'admin@example.com',
      reason: 'Emergency maintenance',
      expires_at: '2024-01-15T11:30:00.000Z',
      affected_validators: ['security_path_traversal'],
      affected_decisions: ['BLOCK'],
    });
    expect(record.token_used).toMatch(/^hmac:/);
    expect(JSON.stringify(recorder.entries)).not.toContain('breakglass-token-123');
  });

  test('outside of any run, and with odd values, calls are entries and never throw', () => {
    log_step_start('s');
    expect(last()).toMatchObject({ event: 'STEP_START', step_id: 's' });
    expect(last()?.objects).toBeUndefined();
    const odd = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    for (const value of [undefined, null, 7, odd]) {
      track_cost(value as never);
      log_policy_decision(value as never);
      log_breakglass_activation(value as never);
    }
    expect(recorder.entries.length).toBeGreaterThan(12);
  });
});
