import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SPEC_LINES } from '../packages/logger/src/audit/testing/spec-operations.js';
import { POSTGRES_ABSENCE, startPostgres } from './testing/postgres.js';
import { CLI_MAIN } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';
import { testUnless } from './testing/test-unless.js';

const HOSTILE = {
  timestamp: '2026-02-09T19:00:00.000Z',
  operation: `x\t\\N\n${'y'.repeat(80)}`,
  username: '\\.',
  vm_id: 2 ** 40,
  configuration: { 'a\0': '\0\ud800\\u0000' },
  node: '=1+1',
};

describe('tailrace audit parse', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-audit-parse-'));
    path = join(folder, 'audit.log');
    const lines = [...SPEC_LINES, HOSTILE].map((line) => JSON.stringify(line));
    await writeFile(path, `${lines.join('\n')}\nno JSON\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const parse = (...flags: string[]) =>
    execFileSync(process.execPath, [CLI_MAIN, 'audit', 'parse', path, ...flags], {
      encoding: 'utf8',
      env: environmentWith({}),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const operations = (...flags: string[]) =>
    parse('--json', ...flags)
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).operation);

  test('filters by time, user, status and operation', () => {
    expect(operations()).toEqual([...SPEC_LINES, HOSTILE].map(({ operation }) => operation));
    expect(operations('--from', '2026-02-09 18:40', '--until', '2026-02-09 18:50')).toEqual([
      'batch_clone',
      'validation',
    ]);
    expect(operations('--user', 'root@pam', '--status', 'success')).toEqual([
      'vm_creation',
      'template_clone',
    ]);
    expect(operations('--operation', 'batch_clone')).toEqual(['batch_clone']);
    expect(operations('--status', 'failed')).toEqual([]);
  });

  test('counts', () => {
    expect(JSON.parse(parse('--stats', '--json'))).toMatchObject({
      total: 5,
      first: '2026-02-09T18:30:45.123Z',
      by_status: { success: 2, none: 2, partial: 1 },
      by_user: { 'root@pam': 4, '\\.': 1 },
      by_day: { '2026-02-09': 5 },
      batches: { requested: 5, successful: 4, failed: 1 },
    });
    expect(parse('--stats')).toContain('         4  root@pam');
  });

  test('makes CSV no spreadsheet calculates', () => {
    const [head, first] = parse('--csv').split('\r\n');
    expect(head).toMatch(/^"timestamp","operation","operation_type","username","status","vm_name","vm_id"/);
    expect(first).toMatch(
      /^"2026-02-09T18:30:45.123Z","vm_creation","create","root@pam","success","win-server-01","105"/,
    );
    expect(parse('--csv')).toContain(`"'=1+1"`);
  });

  test('makes lines mongoimport reads', () => {
    const [first = ''] = parse('--to', 'mongodb').split('\n');
    expect(JSON.parse(first)).toEqual({
      ...SPEC_LINES[0],
      timestamp: { $date: SPEC_LINES[0].timestamp },
    });
  });

  testUnless(POSTGRES_ABSENCE)('makes what psql loads, whatever the texts are', async () => {
    await using postgres = await startPostgres(folder);
    postgres.run(parse('--to', 'postgres'));
    // Once more: the table is there already.
    postgres.run(parse('--to', 'postgres', '--operation', 'validation'));
    expect(postgres.run('SELECT count(*) FROM audit_log')).toBe('6');
    const windows = `SELECT vm_name, vm_id, configuration->>'cores', timestamp FROM audit_log WHERE operation = 'vm_creation' AND configuration->>'os_type' = 'windows'`;
    expect(postgres.run(windows)).toBe('win-server-01|105|4|2026-02-09 18:30:45.123');
    expect(
      postgres.run(`SELECT raw_data->'summary'->>'success_rate' FROM audit_log WHERE status = 'partial'`),
    ).toBe('80.0%');
    expect(
      postgres.run(
        `SELECT node, vm_id IS NULL, length(operation), raw_data->>'username' FROM audit_log WHERE node = '=1+1'`,
      ),
    ).toBe('=1+1|t|50|\\.');
  });
});
