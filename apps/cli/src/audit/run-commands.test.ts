import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { replyJson, startFakeGateway } from '../testing/fake-gateway.js';
import { run } from '../testing/run.js';

const RUN = {
  run_id: 'run-001',
  started: '2024-01-15T10:30:00.000Z',
  ended: null,
  status: 'FAILED',
  user_id: null,
  duration_ms: 1500,
  steps: 2,
  failed_steps: 1,
  cost_usd: 0.001,
  tokens: 100,
};
const moment = (offset_ms: number, event: string, more: object = {}) => ({
  id: 'log:1:a:1',
  timestamp: '2024-01-15T10:30:00.000Z',
  offset_ms,
  event,
  level: 'INFO',
  message: 'run started',
  ...{ step_id: null, tool: null, status: null, decision: null },
  ...{ duration_ms: null, cost_usd: null, tokens: null, model: null },
  ...more,
});
const TIMELINE = [
  moment(0, 'RUN_START'),
  moment(12, 'STEP_START', { step_id: 'abc\x1b', tool: 'write_file' }),
  moment(1234, 'COST_TRACKED', { cost_usd: 0.001, tokens: 100, model: 'gpt-4' }),
];

describe('tailrace run and report', () => {
  test('show a run moment by moment, made harmless', async () => {
    await using gateway = await startFakeGateway([], (_, response) =>
      replyJson(response, 200, { run: RUN, timeline: TIMELINE, partial: false }),
    );
    const { stdout } = await run(['run', 'show', 'run/1', '--url', gateway.url]);
    expect(stdout.split('\n')).toEqual([
      '2024-01-15 10:30:00.000Z  FAILED  run-001  1500 ms  2 steps, 1 failed  $0.001, 100 tokens',
      '     +0.000s  RUN_START             run started',
      '     +0.012s  STEP_START            abc\\x1b  write_file',
      '     +1.234s  COST_TRACKED          gpt-4  $0.001  100 tokens',
      '',
    ]);
    expect(gateway.requests[0]?.url.pathname).toBe('/api/runs/run%2F1');
    expect(await run(['run', 'show', '..', '--url', gateway.url])).toMatchObject({ exitCode: 2 });
  });

  test('list runs', async () => {
    await using gateway = await startFakeGateway([], (_, response) =>
      replyJson(response, 200, { query: {}, runs: [RUN], count: 1, next_cursor: null, partial: false }),
    );
    expect((await run(['run', 'list', '--user', 'a', '--url', gateway.url])).stdout).toContain('run-001');
    expect(gateway.requests[0]?.url.search).toBe('?user=a');
  });

  test('add up the costs of a trace file as spec 004 shows them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tailrace-report-'));
    const path = join(folder, 'trace.jsonl');
    const cost = { event: 'COST_TRACKED', step_id: 'abc123', cost_usd: 0.1, tokens: 1000, model: 'gpt-4' };
    const lines = [...Array(105).fill(cost), { event: 'STEP_END', cost_usd: 7 }, { ...cost, run_id: 'r' }];
    await writeFile(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\nno JSON\n`);
    expect((await run(['report', path, '--cost'])).stdout.split('\n').slice(0, 3)).toEqual([
      'Total Cost: $10.60',
      'Total Tokens: 106,000',
      'Average Cost per Request: $0.10',
    ]);
    expect((await run(['report', path, '--cost', '--run', 'r', '--json'])).stdout).toContain('"requests":1');
    expect(await run(['report', join(folder, 'none')])).toMatchObject({ exitCode: 1 });
    await rm(folder, { recursive: true });
  });
});
