import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url));

/**
 * Every package that could be published: those of `packages/` and `apps/` that are not private.
 *
 * @returns {{ folder: string, manifest: Record<string, any> }[]} folders from the root of the repository
 */
export function publishablePackages() {
  return ['packages', 'apps']
    .flatMap((room) => readdirSync(join(ROOT, room)).map((name) => `${room}/${name}`))
    .filter((folder) => existsSync(join(ROOT, folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')),
    }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** @returns {string[]} how to run pnpm: the one that runs this, else the one on PATH, else by npx. */
export function pnpmCommand() {
  const running = process.env.npm_execpath ?? '';
  if (/pnpm\.c?js$/.test(running)) return [process.execPath, running];
  return spawnSync('pnpm', ['--version']).status === 0 ? ['pnpm'] : ['npx', '-y', 'pnpm@10'];
}
