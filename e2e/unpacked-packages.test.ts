import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedEngine, startEmbeddedEngine } from '@tailrace/embedded';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { repositoryPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';
import { type UnpackedPackages, unpackPackages } from './testing/unpacked-packages.js';

const DEADLINE_MS = 120_000;
vi.setConfig({ testTimeout: DEADLINE_MS });

let packages: UnpackedPackages;
let engine: EmbeddedEngine;

beforeAll(async () => {
  engine = await startEmbeddedEngine();
  packages = await unpackPackages();
}, 2 * DEADLINE_MS);
afterAll(async () => {
  await engine?.stop();
  await packages?.remove();
});

const run = (command: string, args: readonly string[], cwd = packages.folder) =>
  runProcess(command, args, {
    cwd,
    env: environmentWith({ REDIS_URL: engine.url }),
    deadlineMs: DEADLINE_MS,
  });
const installed = (name: string) => repositoryPath(`e2e/node_modules/.bin/${name}`);

/** A folder beside the installed packages with these files. */
async function folderOf(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(packages.folder, name);
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  return folder;
}

const SERVICE = `
import { close, configureLogger, log, log_error, log_info, type Level, type LogFields, type LoggerOptions } from '@tailrace/logger';
import { createRecorder } from '@tailrace/logger/testing';
const options: LoggerOptions = { level: 'debug' as Level };
configureLogger(options);
interface Row { readonly id: number }
const row: Row = { id: 1 };
class Job { name = 'nightly' }
try {
  log_info('started', { component: 'api', user_id: 7, userId: 'ada', anything: [1] });
  log_info('interfaces', row);
  log_info('classes', new Job());
} catch (error) {
  log_error(error);
  log_error('failed', error);
  log_error('failed', { error, component: 'api' });
  log.error('failed', error);
}
const fields: LogFields = { trace_id: 't', status_code: 200, data: { a: 1 } };
log.with({ component: 'db' }).info('queried', fields);
log_info('optional', { user_id: undefined });
void close(); void createRecorder;
`;

describe('their types', () => {
  const MODULES = ['node16', 'node18', 'node20', 'nodenext', 'esnext'] as const;
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    target: 'es2023',
    types: ['node'],
  };

  test.each(MODULES)('hold for ESM and CommonJS under module %s, libraries checked', async (module) => {
    const isBundled = module === 'esnext';
    // Before node20 TypeScript lets no CommonJS import ESM, though Node does.
    const takesEsm = module === 'node20' || module === 'nodenext';
    const importAll = (names: readonly { readonly name: string }[]) =>
      names.map(({ name }, i) => `import * as all${i} from '${name}';\nvoid all${i};`).join('\n');
    const forCommonJs = packages.imports.filter(({ isForCommonJs }) => takesEsm || isForCommonJs);
    expect(forCommonJs.length).toBeGreaterThan(8);
    const folder = await folderOf(`types-${module}`, {
      'tsconfig.json': JSON.stringify({
        compilerOptions: { ...compilerOptions, module, ...(isBundled && { moduleResolution: 'bundler' }) },
        files: isBundled ? ['all.mts', 'service.mts'] : ['all.mts', 'all.cts', 'service.mts', 'service.cts'],
      }),
      'all.mts': importAll(packages.imports),
      'all.cts': importAll(forCommonJs),
      'service.mts': SERVICE,
      'service.cts': SERVICE,
    });
    const { stdout } = await run(repositoryPath('node_modules/.bin/tsc'), ['-p', folder]);
    expect(stdout).toBe('');
  });
});

const LOG_ONE = `
configureLogger({ redis: process.env.REDIS_URL, spoolDir: false });
log_info('from a bundle');
close().then(({ written, complete }) => console.log(written, complete, typeof logRequests));
`;

describe('a bundle', () => {
  test.each(['esm', 'cjs'])('of esbuild for %s needs nothing beside it', async (format) => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'tailrace-bundle-'));
    const bundle = join(elsewhere, `service.${format === 'esm' ? 'mjs' : 'cjs'}`);
    const folder = await folderOf('bundled', {
      'service.mjs': `import { close, configureLogger, log_info } from '@tailrace/logger';\nimport { logRequests } from '@tailrace/logger/http';\n${LOG_ONE}`,
    });
    const flags = ['--bundle', '--platform=node', `--format=${format}`, `--outfile=${bundle}`];
    const bundled = await run(installed('esbuild'), ['service.mjs', ...flags, '--log-level=warning'], folder);
    expect(bundled).toMatchObject({ code: 0, stderr: '' });
    const ran = await run(process.execPath, [bundle], elsewhere);
    expect(ran).toMatchObject({ code: 0, stdout: '1 true function\n', stderr: '' });
  });
});

test("jest in CommonJS loads the README's recorder", async () => {
  const folder = await folderOf('jest', {
    'package.json': '{}',
    'order.test.js': `
const { log_event, log_error } = require('@tailrace/logger');
const { createRecorder } = require('@tailrace/logger/testing');
test('an order is logged', async () => {
  const recorder = createRecorder();
  setImmediate(() => log_event('order.placed', { lines: 2 }));
  await recorder.waitFor({ event: 'order.placed', data: { lines: 2 } }, { timeoutMs: 5000 });
  log_error('gone', new DOMException('gone', 'AbortError'));
  expect(recorder.find({ message: 'gone' }).error).toMatchObject({ type: 'AbortError', message: 'gone' });
  recorder.assertNothingDropped();
  recorder.stop();
});
`,
  });
  const { code, stderr } = await run(installed('jest'), ['--rootDir', folder, '--ci'], folder);
  expect(stderr).toContain('1 passed');
  expect(code).toBe(0);
});

test('a service of CommonJS and what it imports as ESM share one logger', async () => {
  const folder = await folderOf('mixed', {
    'esm.mjs': `import { log_info, stats } from '@tailrace/logger';\nexport const tell = () => log_info('from ESM');\nexport { stats };`,
    'service.cjs': `
const { close, configureLogger, log_info, stats } = require('@tailrace/logger');
configureLogger({ redis: process.env.REDIS_URL, spoolDir: false });
import('./esm.mjs').then(async (esm) => {
  log_info('from CommonJS');
  esm.tell();
  const { written } = await close();
  console.log(written, stats().accepted, esm.stats().accepted);
});
`,
  });
  expect(await run(process.execPath, ['service.cjs'], folder)).toMatchObject({
    code: 0,
    stdout: '2 2 2\n',
    stderr: '',
  });
});
