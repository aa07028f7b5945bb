/**
 * Makes the ESM build of the package in the current folder into few files, `bundle/`, before it is packed: Node takes 0.6 ms
 * for each file it loads, and a logger has some two hundred. `publishConfig` in package.json has the published paths.
 * Other packages, ours as well, stay imports.
 */
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** It looks at what a bundler of a user made of its own `require`, so ours must not touch it. */
const KEPT = 'load-redis.js';
const KEPT_FROM = join('dist', 'batch', KEPT);

/** @param {Record<string, any>} exported `exports` of a package.json @returns the same with the paths of the bundle */
export function bundledExports(exported) {
  return JSON.parse(JSON.stringify(exported).replaceAll(/"\.\/dist\/([^"]+)\.js"/g, '"./bundle/$1.js"'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await bundle();

async function bundle() {
  const { exports: exported } = JSON.parse(readFileSync('package.json', 'utf8'));
  rmSync('bundle', { recursive: true, force: true });
  await build({
    entryPoints: Object.values(exported).map((conditions) => conditions.import.default),
    outdir: 'bundle',
    outbase: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    plugins: [
      {
        name: 'kept-files',
        setup: ({ onResolve }) =>
          onResolve({ filter: /\/load-redis\.js$/ }, () => ({ path: `./${KEPT}`, external: true })),
      },
    ],
  });
  if (existsSync(KEPT_FROM)) copyFileSync(KEPT_FROM, join('bundle', KEPT));
}
