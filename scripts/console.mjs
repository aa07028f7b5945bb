/**
 * Builds the console (`apps/console`) into `apps/gateway/console/`, which the gateway serves and its package holds. It builds
 * only when a source is newer than the last build, or with `--force`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './publishable.mjs';

const CONSOLE = join(ROOT, 'apps/console');
const BUILT = join(ROOT, 'apps/gateway/console/index.html');
/** What Vite 8 runs on. */
const isEnough = ([major, minor]) =>
  major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);

if (!isEnough(process.versions.node.split('.').map(Number))) {
  process.stderr.write(
    `tailrace: the console is not built: this is Node ${process.versions.node}; Vite 8 needs ^20.19 or >=22.12\n`,
  );
  process.exit(1);
}
if (process.argv.includes('--force') || isStale()) build();

function isStale() {
  if (!existsSync(BUILT)) return true;
  const built = statSync(BUILT).mtimeMs;
  const sources = ['src', 'index.html', 'vite.config.ts', 'package.json'].map((name) => join(CONSOLE, name));
  return [...sources, join(ROOT, 'packages/client/src'), join(ROOT, 'pnpm-lock.yaml')].some(
    (path) => newest(path) > built,
  );
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function build() {
  const vite = join(CONSOLE, 'node_modules/vite/bin/vite.js');
  try {
    execFileSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: CONSOLE, stdio: 'pipe' });
  } catch (error) {
    process.stderr.write(`${error.stdout ?? ''}${error.stderr ?? ''}tailrace: building the console failed\n`);
    process.exit(1);
  }
}
