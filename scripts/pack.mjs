/**
 * Packs every publishable package into `dist-packages/`, or into the folder that is named, as `npm install` takes them.
 * What was packed there before is removed.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pnpmCommand, publishablePackages, ROOT } from './publishable.mjs';

const target = resolve(process.argv[2] ?? join(ROOT, 'dist-packages'));
mkdirSync(target, { recursive: true });
for (const file of packedIn(target)) rmSync(join(target, file));

const [command, ...args] = pnpmCommand();
const chosen = publishablePackages().map(({ manifest }) => `--filter=${manifest.name}`);
try {
  execFileSync(command, [...args, '--recursive', ...chosen, 'pack', '--pack-destination', target], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
} catch (error) {
  process.stderr.write(
    `${error.stdout ?? ''}${error.stderr ?? ''}tailrace: packing failed: ${error.message}\n`,
  );
  process.exit(1);
}
process.stdout.write(`${packedIn(target).length} packages in ${relative(process.cwd(), target)}/\n`);

function packedIn(path) {
  return readdirSync(path).filter((name) => /^tailrace-.*\.tgz$/.test(name));
}
