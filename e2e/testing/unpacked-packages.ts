import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProcess } from './finished-process.js';
import { pnpmCommand, repositoryPath } from './repository.js';
import { environmentWith } from './settings.js';

/** A folder in which every publishable package is installed as it would be published, without a registry. */
export interface UnpackedPackages {
  readonly folder: string;
  /** Names of the packages and the paths that they export: `@tailrace/logger`, `@tailrace/logger/hono`, ... */
  readonly imports: readonly PackageImport[];
  remove(): Promise<void>;
}

/** One path that can be imported. */
export interface PackageImport {
  readonly name: string;
  /** Whether it has a build for CommonJS. */
  readonly isForCommonJs: boolean;
}

const DEADLINE_MS = 180_000;

/** Packs and unpacks all of them. What they need of others is linked from this repository. */
export async function unpackPackages(): Promise<UnpackedPackages> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-unpacked-'));
  const modules = join(folder, 'node_modules');
  const packed = join(folder, 'packed');
  const [pnpm, ...args] = pnpmCommand();
  await finish(pnpm, [...args, 'exec', 'node', 'scripts/pack.mjs', packed], repositoryPath(''));
  const manifests = await Promise.all(
    (await readdir(packed)).map(async (tarball) => {
      const target = join(packed, tarball.replace(/\.tgz$/, ''));
      await mkdir(target);
      await finish('tar', ['-xzf', join(packed, tarball), '-C', target], packed);
      const manifest = JSON.parse(await readFile(join(target, 'package/package.json'), 'utf8')) as Manifest;
      await link(join(target, 'package'), join(modules, manifest.name));
      return manifest;
    }),
  );
  for (const { name, dependencies = {}, peerDependencies = {} } of manifests) {
    for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) {
      if (manifests.some((manifest) => manifest.name === needed)) continue;
      await link(await installedPath(name, needed), join(modules, needed));
    }
  }
  await link(await realpath(repositoryPath('node_modules/@types/node')), join(modules, '@types/node'));
  return { folder, imports: manifests.flatMap(importsOf), remove: () => rm(folder, { recursive: true }) };
}

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, { readonly require?: unknown }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function importsOf({ name, exports = {} }: Manifest): PackageImport[] {
  return Object.entries(exports)
    .filter(([path]) => !path.endsWith('.json'))
    .map(([path, conditions]) => ({
      name: name + path.slice(1),
      isForCommonJs: conditions.require !== undefined,
    }));
}

/** Where a dependency of one of our packages is in this repository. */
async function installedPath(name: string, needed: string): Promise<string> {
  const own = ['packages', 'apps'].map((room) =>
    repositoryPath(`${room}/${name.replace(/^@tailrace\//, '')}`),
  );
  const folders = [...own, repositoryPath('apps/cli')];
  const found = folders
    .map((folder) => join(folder, 'node_modules', needed))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${needed}, which ${name} needs, is not installed`);
  return realpath(found);
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (!existsSync(path)) await symlink(target, path);
}

async function finish(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await runProcess(command, args, {
    cwd,
    env: environmentWith({}),
    deadlineMs: DEADLINE_MS,
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
}
