import { Argument, type Command } from 'commander';
import type { Host } from '../context.js';
import { candidatesFor } from './candidates.js';
import { SHELLS, type Shell, shellScript } from './shell-script.js';

/** Adds `completion`: prints what a shell loads to complete this program's commands, flags and values. */
export function addCompletionCommand(program: Command, host: Host): void {
  program
    .command('completion')
    .description('Print the completion script of a shell, to be loaded where it starts')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: Shell) => {
      host.stdout.write(shellScript(shell));
    });
}

/** Prints what may stand at the cursor, as the scripts of the shells read it. @see shellScript */
export function printCandidates(program: Command, words: readonly string[], host: Host): void {
  const given = words[0] === '--' ? words.slice(1) : words;
  const flag = /^--[\w-]+=/.exec(given.at(-1) ?? '')?.[0] ?? '';
  for (const { word, about } of candidatesFor(program, given)) {
    host.stdout.write(`${flag}${word}\t${about.replace(/\s+/g, ' ')}\n`);
  }
}
