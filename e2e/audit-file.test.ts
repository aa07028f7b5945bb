import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedEngine } from '@tailrace/embedded';
import { close, configureLogger, log_operation } from '@tailrace/logger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SPEC_LINES, SPEC_RECORDS } from '../packages/logger/src/audit/testing/spec-operations.js';
import { repositoryPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';
import { testUnless } from './testing/test-unless.js';

const JQ_ABSENCE = spawnSync('jq', ['--version']).status === 0 ? undefined : 'jq is not installed';
const run = promisify(execFile);
const PROCESSES = 6;
const COUNT = 400;

describe('the audit file', () => {
  let folder: string;
  let engine: Awaited<ReturnType<typeof startEmbeddedEngine>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-audit-file-'));
    engine = await startEmbeddedEngine();
  });
  afterAll(async () => {
    await engine.stop();
    await rm(folder, { recursive: true });
  });

  test('has every line of several processes that end at once, whole, in files within their bounds', async () => {
    const path = join(folder, 'shared', 'audit.log');
    const script = repositoryPath('e2e/processes/log-to-file.mjs');
    const env = environmentWith({ REDIS_URL: engine.url });
    await Promise.all(
      Array.from({ length: PROCESSES }, (_, i) =>
        run(process.execPath, [script, path, `p${i}`, String(COUNT)], { env }),
      ),
    );
    const names = await readdir(join(folder, 'shared'));
    expect(names).not.toContain('audit.log.lock');
    expect(names.length).toBeGreaterThan(10);
    const found: string[] = [];
    for (const name of names) {
      const file = join(folder, 'shared', name);
      const { size, mode } = await stat(file);
      expect(mode & 0o777).toBe(0o600);
      // To within one write of each process.
      expect(size).toBeLessThan(20_000 * (PROCESSES + 1));
      const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
      found.push(...lines.map((line) => JSON.parse(line).event));
    }
    const wanted = Array.from({ length: PROCESSES }, (_, i) =>
      Array.from({ length: COUNT }, (_, k) => `p${i}.${k}`),
    ).flat();
    expect(found.toSorted()).toEqual(wanted.toSorted());
  });

  describe('with the examples of spec 001', () => {
    let path: string;
    beforeAll(async () => {
      path = join(folder, 'logs', 'audit.log');
      configureLogger({ redis: engine.url, auditFile: { path, backups: 2 } });
      for (const record of SPEC_RECORDS) log_operation(record);
      await close();
    });
    const jq = async (...args: string[]) => (await run('jq', [...args, path])).stdout.trimEnd();

    testUnless(JQ_ABSENCE)('answers what its jq commands ask', async () => {
      const [creation, clone] = SPEC_LINES;
      const names = async (filter: string) => (await jq('-c', `${filter} | .operation`)).split('\n');
      expect(await names('select(.status == "success")')).toEqual([
        '"vm_creation"',
        '"template_clone"',
        '"validation"',
      ]);
      expect(await jq('-r', '.operation')).toBe('vm_creation\ntemplate_clone\nbatch_clone\nvalidation');
      const windows = 'select(.operation == "vm_creation" and .configuration.os_type == "windows")';
      expect(JSON.parse(await jq(windows))).toEqual(creation);
      expect(await jq('select(.status == "failed")')).toBe('');
      expect(await names('select(.timestamp > "2026-02-09T18:39:00Z")')).toEqual([
        '"batch_clone"',
        '"validation"',
      ]);
      expect((await jq('-r', '[.timestamp, .vm_name, .vm_id] | @csv')).split('\n')[1]).toBe(
        `"${clone.timestamp}","web-server-02",106`,
      );
    });
  });
});
