import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DROP_REASONS } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { createApp, type GatewayDeps } from '../apps/gateway/dist/index.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...['docs', 'docs/connect'].flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`)
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
  ...readdirSync(`${ROOT}packages`)
    .map((name) => `packages/${name}/README.md`)
    .filter((path) => existsSync(ROOT + path)),
  'apps/cli/README.md',
];

describe('docs', () => {
  test('say in their generated parts what the code says', async () => {
    const run = promisify(execFile)(process.execPath, [`${ROOT}scripts/docs.mjs`, '--check']);
    const { code, stdout } = await run.then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error) => error as { code: number; stdout: string },
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  test.each(documents)('%s links to files and headings that are there', (path) => {
    for (const [, target = ''] of read(path).matchAll(/\]\(([^)]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file, heading] = target.split('#');
      const url = new URL(file || `${ROOT}${path}`, `file://${ROOT}${path}`);
      expect(existsSync(url), target).toBe(true);
      if (heading) expect(headingsOf(readFileSync(url, 'utf8')), target).toContain(heading);
    }
  });

  test('name every endpoint of the gateway and no other', () => {
    const { routes } = createApp({
      closing: new AbortController().signal,
      allowedHosts: [],
      allowedOrigins: [],
    } as unknown as GatewayDeps);
    const answered = routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:\w+/g, '{}')}`);
    const named = [...read('docs/http-api.md').matchAll(/^\| `((?:GET|POST|PUT|DELETE) [^`]+)` \|/gm)].map(
      ([, endpoint = '']) => endpoint.replace(/\{\w+\}/g, '{}'),
    );
    expect(named.toSorted()).toEqual(answered.toSorted());
  });

  test('name every reason to drop an entry, and every code of the logger', () => {
    const delivery = read('docs/delivery.md');
    const codes = [
      ['packages/writer/src/writer-options.ts', 'WriterError'],
      ['packages/logger/src/logger-options.ts', 'LoggerError'],
    ].flatMap(([path = '', name]) => {
      const type = new RegExp(`interface ${name} \\{\\s*readonly code:([^;]+);`).exec(read(path))?.[1];
      return [...(type ?? '').matchAll(/'(\w+)'(?!\])/g)].map(([, code]) => code as string);
    });
    expect(codes.length).toBeGreaterThan(5);
    for (const name of [...DROP_REASONS, ...codes]) expect(delivery).toContain(`| \`${name}\` |`);
  });

  test('name every package and its pinned version', () => {
    const pinned = readdirSync(`${ROOT}packages`)
      .map((name) => `packages/${name}/package.json`)
      .concat('package.json', 'bench/package.json')
      .concat(readdirSync(`${ROOT}apps`).map((name) => `apps/${name}/package.json`))
      .filter((path) => existsSync(ROOT + path))
      .flatMap((path) => {
        const { dependencies = {}, devDependencies = {} } = JSON.parse(read(path));
        return Object.entries<string>({ ...dependencies, ...devDependencies });
      });
    const architecture = read('docs/architecture.md');
    for (const [name, version] of pinned) {
      if (version.startsWith('workspace:') || name === '@types/cli-progress') continue;
      const row =
        architecture.split('\n').find((line) => line.split(/[|,] /).some((cell) => cell.trim() === name)) ??
        name;
      expect(row).toContain(version);
    }
  });
});

/** The anchors a Markdown reader gives to headings. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
