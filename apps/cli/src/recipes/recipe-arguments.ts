import { parseLevel } from '@tailrace/schema';
import { CliError } from '../cli-error.js';
import { INSTALLATION } from '../installation.js';
import { printable } from '../print/printable.js';
import { isYes } from '../yes-or-no.js';
import { type Recipe, type RecipeParameter, shownParameter } from './recipe-table.js';

/** `level=ERROR`, `status!=404`, `min_level=warning`. */
const NAMED = /^([a-z][a-z_-]*)(!?)=([\s\S]*)$/;
/** `data.order.id=7`: the rest is a value of the flag `data`. */
const OF_DATA = /^data\.([^=!<>]+!?=[\s\S]*)$/;

/** What is known of the command a recipe stands for: the names of its flags, and which of them take no value. */
export interface KnownFlags {
  readonly withValue: ReadonlySet<string>;
  readonly withoutValue: ReadonlySet<string>;
}

/**
 * Turns the arguments of a recipe into those of its command. Each stands at its own place, an empty one means the
 * default; `name=value` at any place names a parameter, or any other flag of the command.
 *
 * @throws CliError naming what is missing or not known.
 */
export function commandArguments(recipe: Recipe, given: readonly string[], flags: KnownFlags): string[] {
  if (recipe.takesFlags) {
    const [own = '', ...rest] = given;
    return [
      ...recipe.command.split(' '),
      ...rest,
      ...argumentsFrom(recipe, valuesOf(recipe, [own], flags), flags),
    ];
  }
  return [...recipe.command.split(' '), ...argumentsFrom(recipe, valuesOf(recipe, given, flags), flags)];
}

/**
 * The arguments by the names of parameters and flags, defaults in place of what was not given; a name that is given again
 * has several values.
 *
 * @throws CliError naming what is missing or not known.
 */
export function valuesOf(
  recipe: Recipe,
  given: readonly string[],
  flags: KnownFlags,
): ReadonlyMap<string, readonly string[]> {
  const { parameters } = recipe;
  const placed = new Map<string, string>();
  const named = new Map<string, string[]>();
  given.forEach((text, place) => {
    const parameter = parameters[place];
    const [name, value = ''] = namedOf(text, parameter, recipe, flags) ?? [];
    if (name !== undefined) named.set(name, [...(named.get(name) ?? []), value]);
    else if (parameter !== undefined) placed.set(parameter.name, text);
    else if (text !== '') throw tooMany(recipe, text);
  });
  moveMisplaced(recipe, placed);
  const values = new Map<string, readonly string[]>();
  for (const parameter of parameters) {
    const { name, isRequired, byDefault } = parameter;
    const own = named.get(name) ?? [placed.get(name) || (byDefault ?? '')];
    if (own.some((value) => value !== '')) values.set(name, own);
    else if (isRequired) throw missing(recipe, parameter);
  }
  for (const [name, own] of named) values.set(name, own);
  return values;
}

/** @returns the name of a parameter or flag and its value, `undefined` when the text is a value by position. */
function namedOf(
  text: string,
  place: RecipeParameter | undefined,
  recipe: Recipe,
  flags: KnownFlags,
): [name: string, value: string] | undefined {
  const ofData = OF_DATA.exec(text)?.[1];
  if (ofData !== undefined && place?.takes !== 'free' && flags.withValue.has('data')) return ['data', ofData];
  const [, written = '', negation, value = ''] = NAMED.exec(text) ?? [];
  if (written === '') return undefined;
  const name = (negation === '!' ? 'not-' : '') + written.replaceAll('_', '-');
  if (recipe.parameters.some((parameter) => parameter.name === name)) return [name, value];
  if (place?.takes === 'free') return undefined;
  if (flags.withValue.has(name) || flags.withoutValue.has(name)) return [name, value];
  if (place?.takes === 'text') return undefined;
  throw new CliError(
    `${recipe.name} has no argument "${printable(written)}"; it has ${recipe.parameters.map(({ name }) => name).join(', ')}, and the flags of: ${INSTALLATION.tailrace} ${recipe.command} --help`,
    { exitCode: 2 },
  );
}

/** A level where hours stand means the level, a number where yes or no stands means the limit. */
function moveMisplaced({ parameters }: Recipe, values: Map<string, string>): void {
  const has = (name: string) => parameters.some((parameter) => parameter.name === name);
  const move = (from: string, to: string) => {
    values.set(to, values.get(from) ?? '');
    values.delete(from);
  };
  const hours = values.get('hours') ?? '';
  if (has('level') && Number.isNaN(Number(hours)) && parseLevel(hours) !== undefined) move('hours', 'level');
  if (/^\d+$/.test(values.get('include-warnings') ?? '')) move('include-warnings', 'limit');
}

function argumentsFrom(
  recipe: Recipe,
  values: ReadonlyMap<string, readonly string[]>,
  flags: KnownFlags,
): string[] {
  const own: string[] = [];
  const set: string[] = [];
  for (const [name, given] of values) {
    const parameter = recipe.parameters.find((one) => one.name === name);
    const flag = parameter === undefined ? name : parameter.flag;
    for (const value of given) {
      if (flag === undefined) own.push(value);
      else if (!flags.withoutValue.has(flag)) set.push(`--${flag}=${value}`);
      else if (isYes(flag, value)) set.push(`--${flag}`);
    }
  }
  return own.length === 0 ? set : [...set, '--', ...own];
}

function missing(recipe: Recipe, parameter: RecipeParameter): CliError {
  const text = `${recipe.name} needs ${shownParameter(parameter)}, such as: ${recipe.example}`;
  return new CliError(text, { exitCode: 2 });
}

function tooMany({ name, parameters }: Recipe, text: string): CliError {
  const places = parameters.map(shownParameter).join(' ');
  return new CliError(`${name} has no place for "${printable(text)}"; it takes ${places}, and name=value`, {
    exitCode: 2,
  });
}
