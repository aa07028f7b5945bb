import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../testing/run.js';

const MAIN = fileURLToPath(new URL('../../bin/tailrace.js', import.meta.url));
const ASK = {
  bash: [
    'source "$SCRIPT"; COMP_WORDS=(tailrace "$@"); COMP_CWORD=$#; _tailrace tailrace',
    `for one in "\${COMPREPLY[@]}"; do echo "$one"; done`,
  ],
  // Without a terminal there is no completion system to call it, so its part is played.
  zsh: [
    `compdef() {}; _describe() { print -l -- "\${(@P)2}" }; _files() { print FILES }`,
    'source "$SCRIPT"; words=(tailrace "$@"); CURRENT=$#words; _tailrace',
  ],
  fish: ['source $SCRIPT; complete -C "tailrace $argv"'],
} as const;

describe.each(['bash', 'zsh', 'fish'] as const)('the completion of %s', (shell) => {
  const isThere = spawnSync(shell, ['--version']).status === 0;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-completion-'));
    await writeFile(join(folder, 'tailrace'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
    await chmod(join(folder, 'tailrace'), 0o755);
    await writeFile(join(folder, 'script'), (await run(['completion', shell])).stdout);
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function complete(...words: string[]): Promise<string[]> {
    const env = {
      ...process.env,
      HOME: folder,
      PATH: `${folder}:${process.env.PATH}`,
      SCRIPT: join(folder, 'script'),
    };
    const arg0 = shell === 'fish' ? [] : [shell];
    const { stdout } = await promisify(execFile)(shell, ['-c', ASK[shell].join('\n'), ...arg0, ...words], {
      env,
      cwd: folder,
    });
    return stdout.split('\n').filter(Boolean);
  }

  test.runIf(isThere)('asks the program for commands, flags and values', async () => {
    const words = async (...given: string[]) =>
      (await complete(...given)).map((line) => line.split(/[:\t]/)[0]);
    expect(await words('sta')).toEqual(expect.arrayContaining(['status', 'stats']));
    expect(await words('logs', '--min')).toEqual(['--min-level', '--min-ms']);
    expect(await words('logs', '--level', 'WA')).toEqual(['WARNING']);
  });
});
