import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, type DocBlock, documents } from './testing/doc-blocks.js';
import { type DocWorld, startDocWorld } from './testing/doc-world.js';
import { differenceInShape } from './testing/output-shape.js';
import { repositoryPath } from './testing/repository.js';
import { testUnless } from './testing/test-unless.js';

const DEADLINE_MS = 25_000;

/** One command of a page, with what the page shows of its output; `undefined` where it shows none. */
interface DocCommand {
  readonly line: number;
  readonly command: string;
  readonly output?: string;
}

/** `sh` blocks have a command a line, others those behind a `$ ` with their outputs. */
function commandsOf({ line, language, text }: DocBlock): DocCommand[] {
  const lines = text.trimEnd().split('\n');
  if (language === 'sh') return lines.map((command, i) => ({ line: line + 1 + i, command }));
  const commands: DocCommand[] = [];
  for (const [i, shown] of lines.entries()) {
    const last = commands.at(-1);
    if (shown.startsWith('$ ')) {
      const goesOn = last !== undefined && last.output === undefined;
      const command = shown.slice(2);
      if (goesOn) commands[commands.length - 1] = { ...last, command: `${last.command}\n${command}` };
      else commands.push({ line: line + 1 + i, command });
    } else if (last?.output === undefined && last?.command.endsWith('\\')) {
      commands[commands.length - 1] = { ...last, command: `${last.command}\n${shown}` };
    } else if (last !== undefined) {
      commands[commands.length - 1] = { ...last, output: `${last.output ?? ''}${shown}\n` };
    }
  }
  return commands;
}

const isCommandBlock = ({ language, text }: DocBlock) => language === 'sh' || /^\$ /m.test(text);

/** Where another test runs a block, or nothing can, the page says so before it. */
function absenceOf({ remarks, text }: DocBlock): string | undefined {
  const missing = ['bash', 'curl', 'redis-cli'].find(
    (name) => (name === 'bash' || text.includes(name)) && spawnSync(name, ['--version']).error,
  );
  const runBy = remarks.get('run by');
  if (runBy !== undefined) return `run by ${runBy}`;
  return remarks.get('not run') ?? (missing && `no ${missing} on PATH`);
}

const pages = documents()
  .map((page) => ({ page, blocks: blocksOf(page).filter(isCommandBlock) }))
  .filter(({ blocks }) => blocks.length > 0);

interface Finished {
  /** What it printed, on stdout and stderr. */
  readonly output: string;
  readonly code: number | null;
}

/** Runs a command until it ends or, where it never does, until `isEnough`. */
async function run(
  world: DocWorld,
  command: string,
  isEnough: (output: string) => boolean,
): Promise<Finished> {
  const child = spawn('bash', ['-c', world.localized(command)], {
    cwd: world.folder,
    env: world.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const closed = once(child, 'close');
  const end = () => process.kill(-(child.pid as number), 'SIGINT');
  const deadline = setTimeout(end, DEADLINE_MS);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      const had = isEnough(output);
      output += text;
      if (!had && isEnough(output)) end();
    });
  }
  const [code] = (await closed) as [number | null];
  clearTimeout(deadline);
  return { output, code };
}

/** Commands that show what is written while they run. */
const FOLLOWS = /logs-follow|logs\/stream/;

/** What a command did other than the page says; where the page shows no output, it has only to succeed. */
async function differenceOf(
  world: DocWorld,
  { command, output: shown }: DocCommand,
): Promise<string | undefined> {
  if (shown === undefined) {
    const { output, code } = await run(world, command, () => false);
    return code === 0 ? undefined : `ended with ${code}: ${output}`;
  }
  const difference = (output: string) => differenceInShape(shown, output);
  if (!FOLLOWS.test(command)) return difference((await run(world, command, () => false)).output);
  const writing = setInterval(() => {
    void world.post([{ message: 'billing closed', component: 'billing' }]);
  }, 200);
  const { output } = await run(world, command, (text) => difference(text) === undefined);
  clearInterval(writing);
  return difference(output);
}

test('the pages name the tests that run their other commands', () => {
  const named = pages.flatMap(({ blocks }) => blocks.map(({ remarks }) => remarks.get('run by')));
  for (const path of named) if (path !== undefined) expect(existsSync(repositoryPath(path)), path).toBe(true);
});

describe.each(pages)('the commands of $page', ({ blocks }) => {
  let world: DocWorld;
  beforeAll(async () => {
    world = await startDocWorld();
  }, DEADLINE_MS);
  afterAll(() => world.stop());

  for (const block of blocks) {
    testUnless(absenceOf(block))(
      `line ${block.line}`,
      async () => {
        const before = block.remarks.get('after');
        if (before !== undefined) expect(await run(world, before, () => false)).toMatchObject({ code: 0 });
        const setting = block.remarks.get('with');
        for (const each of commandsOf(block)) {
          const command = setting === undefined ? each.command : `export ${setting}; ${each.command}`;
          expect(
            await differenceOf(world, { ...each, command }),
            `line ${each.line}: ${each.command}`,
          ).toBeUndefined();
        }
      },
      4 * DEADLINE_MS,
    );
  }
});
