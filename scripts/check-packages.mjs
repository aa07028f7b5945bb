// Packs every package that could be published and checks the tarball as its users would get it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { bundledExports } from './bundle.mjs';
import { pnpmCommand, publishablePackages, ROOT } from './publishable.mjs';

const packages = publishablePackages();
const names = new Set(packages.map(({ manifest }) => manifest.name));
const bin = (name) => join(ROOT, 'node_modules', '.bin', name);
const temporary = mkdtempSync(join(tmpdir(), 'tailrace-packages-'));
let failures = 0;

try {
  for (const { folder, manifest } of packages) check(folder, manifest);
} finally {
  rmSync(temporary, { recursive: true });
}
process.exitCode = failures === 0 ? 0 : 1;

function check(folder, { name, bin: command, dependencies = {}, exports: exported = {}, publishConfig }) {
  const missing = Object.entries(dependencies)
    .filter(([other, version]) => version.startsWith('workspace:') && !names.has(other))
    .map(([other]) => other);
  if (missing.length > 0) fail(name, `needs packages that are not published: ${missing.join(', ')}`);
  const published = publishConfig?.exports;
  if (published !== undefined && !isDeepStrictEqual(published, bundledExports(exported)))
    fail(name, 'publishConfig.exports are not its exports with dist/*.js in bundle/');
  const target = join(temporary, folder.replace('/', '-'));
  const [pnpm, ...args] = pnpmCommand();
  run(name, pnpm, [...args, 'pack', '--pack-destination', target], join(ROOT, folder));
  const tarball = join(target, readdirSync(target)[0]);
  run(name, bin('publint'), [tarball, '--strict']);
  // A package with a command and nothing to import has no types to look at.
  if (command === undefined) run(name, bin('attw'), [tarball, '--profile', profileOf(exported), '--quiet']);
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n');
  const strays = files.filter((file) => /\.test\.|\/testing\/|\.tsbuildinfo/.test(file));
  for (const file of ['README.md', 'LICENSE']) {
    if (!files.includes(`package/${file}`)) fail(name, `${file} is missing`);
  }
  if (strays.length > 0) fail(name, `files that do not belong into the package: ${strays.join(', ')}`);
  process.stdout.write(`${name}: ${files.length - 1} files\n`);
}

/** Which ways of importing a package must find types. */
function profileOf(exported) {
  return exported['.']?.require === undefined ? 'esm-only' : 'node16';
}

function run(name, command, args, cwd = ROOT) {
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
