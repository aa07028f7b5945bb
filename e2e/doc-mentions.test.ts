import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { documents } from './testing/doc-blocks.js';
import { runProcess } from './testing/finished-process.js';
import { CLI_MAIN, repositoryPath } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';

/** A command named within a sentence: `tailrace follow --expand`. */
const MENTION = /`(?:npx (?:-y pnpm@10 )?)?tailrace ([a-z-]+)([^`]*)`/g;
const FLAG = /(?<!\S)--?[a-z][a-z-]*/g;
/** Flags of every command, and commands that have commands of their own. */
const GLOBAL = ['--json', '--token', '--url', '--local', '--utc', '--no-color', '--help'];

async function helpOf(command: string, rest: string): Promise<string> {
  const [first = ''] = rest.trim().split(/\s/);
  const args = /^[a-z]+$/.test(first) ? [command, first] : [command];
  const env = environmentWith({});
  const own = await runProcess(process.execPath, [CLI_MAIN, ...args, '--help'], { env });
  if (own.code === 0) return own.stdout;
  return (await runProcess(process.execPath, [CLI_MAIN, command, '--help'], { env })).stdout;
}

test('every command and flag that a sentence of the docs names exists', async () => {
  const mentions = new Map<string, [string, string]>();
  for (const path of documents()) {
    const text = await readFile(repositoryPath(path), 'utf8');
    for (const [, command = '', rest = ''] of text.matchAll(MENTION))
      mentions.set(command + rest, [command, rest]);
  }
  expect(mentions.size).toBeGreaterThan(20);
  const wrong: string[] = [];
  for (const [command, rest] of mentions.values()) {
    const help = await helpOf(command, rest);
    if (help === '') wrong.push(`no command: tailrace ${command}`);
    for (const [flag] of rest.matchAll(FLAG))
      if (!GLOBAL.includes(flag) && !help.includes(flag))
        wrong.push(`no flag ${flag}: tailrace ${command}${rest}`);
  }
  expect(wrong).toEqual([]);
}, 120_000);
