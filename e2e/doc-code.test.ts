import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blocksOf, documents } from './testing/doc-blocks.js';
import { runProcess } from './testing/finished-process.js';
import { repositoryPath } from './testing/repository.js';

const DEADLINE_MS = 120_000;

/** One block of code of a document. */
interface CodeBlock {
  /** Document and line. */
  readonly place: string;
  /** With what a comment before the block says it stands among: `<!-- given: declare const app: Express; -->`. */
  readonly code: string;
}

const LANGUAGES = ['ts', 'js', 'typescript', 'javascript'];

function codeOf(page: string): CodeBlock[] {
  return blocksOf(page)
    .filter(({ language }) => LANGUAGES.includes(language))
    .map(({ line, text, remarks }) => ({
      place: `${page.replace(/\W+/g, '-')}-${line}`,
      code: `${remarks.get('given') ?? ''}\n${text}\nexport {};\n`,
    }));
}

/** What can be checked as CommonJS as well: what imports parts that have a build for it, and awaits nothing outside. */
function isForCommonJs({ code }: CodeBlock): boolean {
  const imported = [...code.matchAll(/from '([^']+)'/g)].map(([, name]) => name as string);
  const isBuilt = imported.every((name) =>
    /^@tailrace\/(logger|schema)|^node:|^(hono|express|fastify)$/.test(name),
  );
  return isBuilt && imported.length > 0 && !/^(?:const .*= |console.log\()?await |^for await/m.test(code);
}

const blocks = documents().flatMap(codeOf);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailrace-docs-'));
  await symlink(repositoryPath('e2e/node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true }));

async function check(kind: 'mts' | 'cts', checked: readonly CodeBlock[], module: string): Promise<string> {
  const files = checked.map(({ place }) => `${place}.${kind}`);
  for (const [i, { code }] of checked.entries()) await writeFile(join(folder, files[i] as string), code);
  const compilerOptions = {
    module,
    target: 'es2023',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [repositoryPath('node_modules/@types')],
  };
  await writeFile(join(folder, `${kind}.json`), JSON.stringify({ compilerOptions, files }));
  const tsc = repositoryPath('node_modules/.bin/tsc');
  const { stdout } = await runProcess(tsc, ['-p', `${kind}.json`], { cwd: folder, deadlineMs: DEADLINE_MS });
  return stdout;
}

test('every block of code in the docs compiles', async () => {
  expect(blocks.length).toBeGreaterThan(12);
  expect(await check('mts', blocks, 'nodenext')).toBe('');
});

test('those of the logger compile as CommonJS too, where TypeScript lets it import no ESM', async () => {
  const checked = blocks.filter(isForCommonJs);
  expect(checked.length).toBeGreaterThan(3);
  expect(await check('cts', checked, 'node16')).toBe('');
});
