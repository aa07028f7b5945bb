import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DEFAULT_LIMIT, DEFAULT_SLOW_MS } from '@tailrace/api';
import { DEFAULT_HOURS } from '@tailrace/schema';
import { describe, expect, test } from 'vitest';
import { RECIPES, shownParameter } from './recipe-table.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const JUST = `${ROOT}node_modules/.bin/just`;
const execute = promisify(execFile);

interface Recipe {
  readonly doc: string | null;
  readonly attributes: readonly unknown[];
  readonly parameters: readonly { readonly name: string; readonly default: string | null }[];
}

async function recipes(): Promise<Record<string, Recipe>> {
  const { stdout } = await execute(JUST, ['--dump', '--dump-format', 'json'], { cwd: ROOT });
  return JSON.parse(stdout).recipes;
}

/** Name and parameters of each specified command. */
async function specified(): Promise<[name: string, parameters: string[]][]> {
  const text = await readFile(new URL('../testing/specified-recipes.txt', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('logs'));
  return lines.map((line) => {
    const [name = '', ...parameters] = line.split(' ');
    return [name, parameters];
  });
}

describe('justfile', () => {
  test('has every specified recipe with its arguments in order and their defaults', async () => {
    const wanted = await specified();
    expect(wanted.length).toBeGreaterThan(20);
    for (const [name, parameters] of wanted.filter(([name]) => name !== 'logs-help')) {
      const written = RECIPES.find((recipe) => recipe.name === name)?.parameters.map((parameter, i) => {
        if (parameter.isRequired) return `<${parameter.name}>`;
        const isSpecified = parameters[i]?.includes('=');
        return isSpecified ? `[${parameter.name}=${parameter.byDefault}]` : `[${parameter.name}]`;
      });
      expect([name, written]).toEqual([name, parameters]);
    }
  });

  test('has the recipes of the table and no other, with what they need and what they do', async () => {
    const found = Object.entries(await recipes()).filter(([name]) => /^(logs|audit)(-|$)/.test(name));
    expect(found.map(([name]) => name).toSorted()).toEqual(
      [...RECIPES.map(({ name }) => name), 'logs-help'].toSorted(),
    );
    for (const { name, about, parameters, takesFlags } of RECIPES) {
      const [, recipe] = found.find(([other]) => other === name) as (typeof found)[number];
      const needed = parameters.filter(({ isRequired }) => isRequired).map((parameter) => parameter.name);
      expect(recipe.parameters.map((parameter) => parameter.name)).toEqual([
        ...needed,
        takesFlags ? 'flags' : 'options',
      ]);
      expect(recipe.doc).toBe(about);
      // What the command says of an error is enough.
      expect([name, JSON.stringify(recipe.attributes)]).toEqual([
        name,
        expect.stringContaining('no-exit-message'),
      ]);
    }
  });

  test('has the defaults of the gateway', () => {
    for (const { name, byDefault } of RECIPES.flatMap(({ parameters }) => parameters)) {
      if (name === 'hours') expect(byDefault).toBe(String(DEFAULT_HOURS));
      if (name === 'limit') expect(byDefault).toBe(String(DEFAULT_LIMIT));
      if (name === 'threshold-ms') expect(byDefault).toBe(String(DEFAULT_SLOW_MS));
    }
  });

  test('is listed, and has its help, in 80 columns', async () => {
    for (const args of [['--list'], ['logs-help'], ['logs-search', '--help']]) {
      const { stdout } = await execute(JUST, args, { cwd: ROOT });
      const widest = Math.max(...stdout.split('\n').map(({ length }) => length));
      expect([args, widest <= 80]).toEqual([args, true]);
    }
  });

  test('shows every logs recipe with its arguments and an example in logs-help', async () => {
    const { stdout } = await execute(JUST, ['logs-help'], { cwd: ROOT });
    for (const { name, parameters, example } of RECIPES) {
      const usage = ['just', name, ...parameters.map(shownParameter)].join(' ');
      const text = stdout.slice(stdout.indexOf(`\n  ${usage}`)).replace(/\n {6}/g, ' ');
      expect(text, name).toContain(example);
      expect(stdout).toContain(`\n  ${usage}`);
    }
  });
});
