import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { Host } from '../context.js';
import { createOutput } from '../print/output.js';
import { showDockerLogs } from './docker-logs.js';
import { commandArguments, type KnownFlags, valuesOf } from './recipe-arguments.js';
import { recipeHelp, recipesHelp } from './recipe-help.js';
import { RECIPES } from './recipe-table.js';

const DEFAULT_WIDTH = 80;

/** Runs a command line of this program. */
type Run = (args: readonly string[], host: Host) => Promise<number>;

/**
 * Runs a recipe of the justfile, `logs-ip 192.0.2.1 level=ERROR`: its arguments become those of its command.
 *
 * @param given the recipe's name, and what it was given
 * @returns the exit code.
 * @throws CliError when an argument is missing or not known.
 */
export async function runRecipe(
  [name = '', ...given]: readonly string[],
  program: Command,
  host: Host,
  run: Run,
): Promise<number> {
  const columns = createOutput(host.stdout).columns ?? DEFAULT_WIDTH;
  const recipe = RECIPES.find((one) => one.name === name);
  if (name === 'logs-help') host.stdout.write(recipesHelp(columns));
  else if (recipe === undefined) throw new CliError(`there is no recipe "${name}"`, { exitCode: 2 });
  else if (given.includes('--help')) host.stdout.write(recipeHelp(recipe, columns));
  else {
    const flags = flagsOf(program, recipe.command);
    if (recipe.command === 'docker') return showDockerLogs(recipe, valuesOf(recipe, given, flags), host);
    return run(commandArguments(recipe, given, flags), { ...host, isRecipe: true });
  }
  return 0;
}

function flagsOf(program: Command, name: string): KnownFlags {
  const command = name
    .split(' ')
    .reduce<Command | undefined>((at, part) => at?.commands.find((one) => one.name() === part), program);
  const options = [...(command?.options ?? []), ...program.options];
  const names = (takesValue: boolean) =>
    new Set(
      options
        .filter(({ required, optional }) => (required || optional) === takesValue)
        .map(({ long = '' }) => long.slice('--'.length)),
    );
  return { withValue: names(true), withoutValue: names(false) };
}
