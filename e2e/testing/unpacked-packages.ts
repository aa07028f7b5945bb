import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PackedManifest, unpackPackages as unpack } from '../../scripts/unpacked.mjs';
import { repositoryPath } from './repository.js';

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

/** Packs and unpacks all of them. */
export async function unpackPackages(): Promise<UnpackedPackages> {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-unpacked-'));
  const manifests = unpack(folder);
  const types = join(folder, 'node_modules/@types/node');
  await mkdir(dirname(types), { recursive: true });
  await symlink(await realpath(repositoryPath('node_modules/@types/node')), types);
  return { folder, imports: manifests.flatMap(importsOf), remove: () => rm(folder, { recursive: true }) };
}

function importsOf({ name, exports = {} }: PackedManifest): PackageImport[] {
  return Object.entries(exports)
    .filter(([path]) => !path.endsWith('.json'))
    .map(([path, conditions]) => ({
      name: name + path.slice(1),
      isForCommonJs: conditions.require !== undefined,
    }));
}
