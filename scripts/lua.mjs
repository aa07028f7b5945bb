/**
 * Brings Lua into the build: beside each `name.lua` of a package stands `name.lua.ts`, which exports its text as
 * `NAME_LUA`. A line `-- @include other.lua` stands for the text of that file without its header.
 *
 * `node scripts/lua.mjs` writes them; with `--check` it changes nothing and exits 1 when one is not as its source says.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const HEADER = /^(?:--.*\n)+\n/;
const INCLUDE = /^-- @include (\S+)$/gm;

/** Paths of all Lua sources, relative to the root. */
export function luaFiles() {
  const packages = readdirSync(join(ROOT, 'packages'));
  const folders = packages
    .map((name) => join(ROOT, 'packages', name, 'src'))
    .filter((path) => existsSync(path));
  const names = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, name)),
  );
  return names.filter((name) => name.endsWith('.lua')).map((name) => relative(ROOT, name));
}

/** The comment a Lua file begins with. */
export function headerOf(path) {
  return HEADER.exec(readFileSync(join(ROOT, path), 'utf8'))?.[0] ?? '';
}

/** The text of a Lua file, with what it includes. */
export function luaOf(path) {
  const source = readFileSync(join(ROOT, path), 'utf8');
  return source.replace(INCLUDE, (_, name) =>
    luaOf(join(dirname(path), name))
      .replace(HEADER, '')
      .trimEnd(),
  );
}

/** The module made of a Lua file. */
export function moduleOf(path) {
  const name = `${basename(path, '.lua').replaceAll('-', '_').toUpperCase()}_LUA`;
  const text = luaOf(path).replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
  return `/** Made of ${basename(path)} by scripts/lua.mjs. */\nexport const ${name} = \`${text}\`;\n`;
}

function main() {
  const isCheck = process.argv.includes('--check');
  for (const path of luaFiles()) {
    const target = join(ROOT, `${path}.ts`);
    if (existsSync(target) && readFileSync(target, 'utf8') === moduleOf(path)) continue;
    process.stdout.write(`${path}.ts ${isCheck ? 'is stale; run: node scripts/lua.mjs' : 'written'}\n`);
    if (isCheck) process.exitCode = 1;
    else writeFileSync(target, moduleOf(path));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
