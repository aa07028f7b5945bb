import { type EmbeddedEngine, startEmbeddedEngine } from '@tailrace/embedded';
import { DROP_EVENT, type EntryReply } from '@tailrace/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FinishedProcess, runProcess } from './testing/finished-process.js';
import { readEntry, readPages } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { testProcessPath } from './testing/repository.js';

interface Outcome {
  readonly calls: number;
  readonly thrown: readonly string[];
  readonly accepted: number;
  readonly written: number;
  readonly pending: number;
  readonly dropped: Readonly<Record<string, number>>;
}

describe('log calls with hostile arguments', () => {
  let engine: EmbeddedEngine;
  let gateway: GatewayProcess;
  let finished: FinishedProcess;
  let outcome: Outcome;
  let found: EntryReply[];

  beforeAll(async () => {
    engine = await startEmbeddedEngine();
    gateway = await startGatewayProcess({ REDIS_URL: engine.url });
    finished = await runProcess(process.execPath, [testProcessPath('log-what-is-hostile.mjs'), engine.url]);
    outcome = JSON.parse(finished.stdout);
    found = (await readPages(gateway.url, '/logs?hours=2', 500)).flatMap(({ logs }) => logs);
  });
  afterAll(async () => {
    await gateway?.stop();
    await engine?.stop();
  });

  test('never throw', () => {
    expect(outcome.thrown).toEqual([]);
    expect(finished.code).toBe(0);
    // One call says that it was made in 1970, which is told, once a second at most.
    expect(finished.stderr).toMatch(
      /^(tailrace logger: \d+ entr(y is|ies are) dropped: timestamp 1970-01-01T[^\n]+\n)+$/,
    );
  });

  test('are all written, or dropped and counted', () => {
    const dropped = Object.values(outcome.dropped).reduce((sum, count) => sum + count, 0);
    const notices = found.filter(({ event }) => event === DROP_EVENT).length;
    expect(outcome).toMatchObject({ accepted: outcome.calls + notices, pending: 0 });
    expect(outcome.written + dropped).toBe(outcome.accepted);
    expect(outcome.written).toBeGreaterThan(outcome.accepted * 0.9);
  });

  test('leave entries that can all be found and read one by one', async () => {
    expect(found.length).toBe(outcome.written);
    for (const entry of found) expect(await readEntry(gateway.url, entry.id)).toEqual(entry);
  });

  test('leave what can be stored of a value: cut, escaped or named', () => {
    const message = (start: string) => found.find((entry) => entry.message.startsWith(start));
    expect(message('xxxxx')?.truncated).toContain('message');
    expect(message('a\0b')).toBeDefined();
    expect(message('a\ufffdb\ufffd')).toBeDefined();
    expect(message('undefined')).toBeDefined();
    expect(found.some((entry) => JSON.stringify(entry.data)?.includes('[Circular]'))).toBe(true);
  });
});
