import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Absolute path of a file of the repository. */
export function repositoryPath(path: string): string {
  return ROOT + path;
}

/** The program of the gateway, as built. */
export const GATEWAY_MAIN = repositoryPath('apps/gateway/dist/main.js');

/** The program of the command line, as built. */
export const CLI_MAIN = repositoryPath('apps/cli/dist/main.js');

/** A process of this folder's `processes/`. */
export function testProcessPath(name: string): string {
  return repositoryPath(`e2e/processes/${name}`);
}

/** How to run pnpm: the one that runs these tests, else the one on PATH, else as a user without one would. */
export function pnpmCommand(): readonly [string, ...string[]] {
  const running = process.env.npm_execpath;
  if (running !== undefined && /^pnpm/.test(basename(running))) return [process.execPath, running];
  return spawnSync('pnpm', ['--version']).status === 0 ? ['pnpm'] : ['npx', '-y', 'pnpm@10'];
}
