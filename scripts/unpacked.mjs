import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pnpmCommand, publishablePackages, ROOT } from './publishable.mjs';

/**
 * Packs every publishable package and installs the tarballs in `folder/node_modules`, as `npm install` would, without a
 * registry: what they need of others is linked from this repository.
 *
 * @param {string} folder
 * @returns {Record<string, any>[]} their package.json files, as published
 */
export function unpackPackages(folder) {
  const modules = join(folder, 'node_modules');
  const packed = join(folder, 'packed');
  const [pnpm, ...args] = pnpmCommand();
  run(pnpm, [...args, 'exec', 'node', 'scripts/pack.mjs', packed], ROOT);
  const manifests = readdirSync(packed).map((tarball) => {
    const target = join(packed, tarball.replace(/\.tgz$/, ''));
    mkdirSync(target);
    run('tar', ['-xzf', join(packed, tarball), '-C', target], packed);
    const manifest = JSON.parse(readFileSync(join(target, 'package/package.json'), 'utf8'));
    link(join(target, 'package'), join(modules, manifest.name));
    return manifest;
  });
  for (const { name, dependencies = {}, peerDependencies = {} } of manifests) {
    for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) {
      if (manifests.some((manifest) => manifest.name === needed)) continue;
      link(installedPath(name, needed), join(modules, needed));
    }
  }
  return manifests;
}

/** Where a dependency of one of our packages is in this repository. */
function installedPath(name, needed) {
  const folders = publishablePackages().filter(({ manifest }) => manifest.name === name);
  const found = [...folders, { folder: 'apps/cli' }]
    .map(({ folder }) => join(ROOT, folder, 'node_modules', needed))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${needed}, which ${name} needs, is not installed`);
  return realpathSync(found);
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) symlinkSync(target, path);
}

function run(command, args, cwd) {
  execFileSync(command, args, { cwd, stdio: 'pipe' });
}
