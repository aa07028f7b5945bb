import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { levelOfStatus } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { readLines } from './input/lines.js';
import { Intake, type Outcome } from './intake.js';
import type { IntakeEntry } from './parsed-line.js';

const SAMPLES = findUpwards('shared/data/formats');
const names =
  SAMPLES === undefined
    ? []
    : readdirSync(SAMPLES)
        .filter((name) => name.endsWith('.log'))
        .map((name) => name.slice(0, -4));

describe('samples of formats', () => {
  test.skipIf(SAMPLES === undefined)(
    'there are some (skipped where shared/data/formats is not beside the checkout)',
    () => {
      expect(names.length).toBeGreaterThan(0);
    },
  );

  test.each(names)('%s gives the entries expected', async (name) => {
    const expected = linesOf(`${name}.expected.ndjson`).map((line) => JSON.parse(line));
    const absent = JSON.parse(readFileSync(join(SAMPLES as string, 'absent.json'), 'utf8'))[name] ?? {};
    const outcomes = await read(readFileSync(join(SAMPLES as string, `${name}.log`)));
    const entries = outcomes.map((outcome) => ('entry' in outcome ? stored(outcome.entry) : outcome.refused));
    expect(entries).toMatchObject(expected.map(withTimes));
    expect(entries).toHaveLength(expected.length);
    for (const [line, fields] of Object.entries(absent)) {
      const entry = entries[Number(line) - 1] as Record<string, unknown>;
      expect((fields as string[]).filter((field) => entry[field] !== undefined)).toEqual([]);
    }
  });
});

async function read(bytes: Buffer): Promise<Outcome[]> {
  const intake = new Intake();
  const outcomes: Outcome[] = [];
  for await (const line of readLines([bytes] as never)) outcomes.push(...intake.push(line));
  return [...outcomes, ...intake.end()];
}

/** With the defaults of the gateway. */
function stored(entry: IntakeEntry): Record<string, unknown> {
  const isRequest = entry.kind === 'request' || (entry.method !== undefined && entry.path !== undefined);
  const kind = entry.kind ?? (isRequest ? 'request' : 'log');
  const { timestamp, ...fields } = entry;
  const level = entry.level ?? (kind === 'request' ? levelOfStatus(entry.status_code) : 'INFO');
  return { ...fields, kind, level, timestamp: timestamp && new Date(timestamp).toISOString() };
}

function withTimes(expected: Record<string, unknown>): Record<string, unknown> {
  return 'response_time_ms' in expected
    ? { ...expected, response_time_ms: expect.closeTo(expected.response_time_ms as number, 3) }
    : expected;
}

function linesOf(name: string): string[] {
  return readFileSync(join(SAMPLES as string, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** The folder in this one or one above it. */
function findUpwards(path: string): string | undefined {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const found = join(folder, path);
    if (existsSync(found)) return found;
    if (dirname(folder) === folder) return undefined;
  }
}
