// Packs every package that could be published and checks the tarball as its users would get it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDERS = [
  'packages/schema',
  'packages/logger',
  'packages/query',
  'packages/client',
  'packages/intake',
  'packages/embedded',
  'apps/cli',
];
const root = new URL('..', import.meta.url).pathname;
const bin = (name) => join(root, 'node_modules', '.bin', name);
const temporary = mkdtempSync(join(tmpdir(), 'tailrace-packages-'));
let failures = 0;

try {
  for (const folder of FOLDERS) check(folder);
} finally {
  rmSync(temporary, { recursive: true });
}
process.exitCode = failures === 0 ? 0 : 1;

function check(folder) {
  const { name, bin: command } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const target = join(temporary, folder.replace('/', '-'));
  run(name, 'pnpm', ['pack', '--pack-destination', target], join(root, folder));
  const tarball = join(target, readdirSync(target)[0]);
  run(name, bin('publint'), [tarball, '--strict']);
  // A package with a command and nothing to import has no types to look at.
  if (command === undefined) run(name, bin('attw'), [tarball, '--profile', 'esm-only', '--quiet']);
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n');
  const strays = files.filter((file) => /\.test\.|\/testing\/|\.tsbuildinfo/.test(file));
  if (strays.length > 0) fail(name, `files that do not belong into the package: ${strays.join(', ')}`);
  process.stdout.write(`${name}: ${files.length - 1} files\n`);
}

function run(name, command, args, cwd = root) {
  try {
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    fail(name, `${command.split('/').at(-1)} ${error.stdout ?? ''}${error.stderr ?? error.message}`);
  }
}

function fail(name, text) {
  failures++;
  process.stderr.write(`${name}: ${text}\n`);
}
