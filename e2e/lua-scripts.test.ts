import { readFileSync } from 'node:fs';
import { useEngine } from '@tailrace/test-engines';
import { describe, expect, test } from 'vitest';
import { headerOf, luaFiles, luaOf, moduleOf } from '../scripts/lua.mjs';
import { describeOnEachEngine } from './testing/engines.js';
import { repositoryPath } from './testing/repository.js';

describe.each(luaFiles())('%s', (path) => {
  test('is what its module holds', () => {
    expect(readFileSync(repositoryPath(`${path}.ts`), 'utf8')).toBe(moduleOf(path));
  });

  test('says in its header what it takes and replies, or that others include it', () => {
    const script = /^-- KEYS {2}.*[\s\S]*^-- ARGV {2}.*[\s\S]*^-- Reply .*/m;
    expect(headerOf(path)).toMatch(luaOf(path).includes('KEYS') ? script : /^-- To include: /);
  });
});

describeOnEachEngine('every script of Lua', ({ start }) => {
  const engine = useEngine(start);

  test.each(luaFiles())('%s is loaded', async (path) => {
    expect(await engine.redis.script('LOAD', luaOf(path))).toMatch(/^[0-9a-f]{40}$/);
  });
});
