import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenDigest, tokenLine } from '@tailrace/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTokensFile, type TokensFile } from './tokens-file.js';

let folder: string;
let path: string;
let file: TokensFile | undefined;
const reported: string[] = [];
const line = (name: string) => `${tokenLine({ name, scopes: ['read'], digest: tokenDigest(name) })}\n`;
const names = () => file?.tokens.map(({ name }) => name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokens-'));
  path = join(folder, 'tokens');
  reported.length = 0;
});
afterEach(async () => {
  file?.close();
  await rm(folder, { recursive: true });
});

test('a change is followed, also one by renaming and to nothing', async () => {
  await writeFile(path, line('a'));
  file = await openTokensFile(path, (text) => reported.push(text));
  expect(names()).toEqual(['a']);
  await writeFile(join(folder, 'new'), line('b'));
  await rename(join(folder, 'new'), path);
  await expect.poll(names, { timeout: 5_000 }).toEqual(['b']);
  await writeFile(path, '');
  await expect.poll(names, { timeout: 5_000 }).toEqual([]);
  expect(reported).toEqual([]);
});

test('a change that is wrong is reported once and changes nothing', async () => {
  await writeFile(path, line('a'));
  file = await openTokensFile(path, (text) => reported.push(text));
  await writeFile(path, `${line('b')}tailrace_secret`);
  await expect.poll(() => reported.length, { timeout: 5_000 }).toBe(1);
  expect(reported[0]).toContain('line 2 is not understood');
  expect(reported[0]).not.toContain('secret');
  expect(names()).toEqual(['a']);
  await writeFile(path, line('c'));
  await expect.poll(names, { timeout: 5_000 }).toEqual(['c']);
  expect(reported).toHaveLength(1);
});

test('one that is not there, or wrong, is an error at the start', async () => {
  await expect(openTokensFile(path, () => {})).rejects.toThrow(`TOKENS_FILE ${path} cannot be used: ENOENT`);
  await writeFile(path, 'nonsense');
  await expect(openTokensFile(path, () => {})).rejects.toThrow('line 1 is not understood; allowed');
});
