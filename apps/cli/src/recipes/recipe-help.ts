import { DEFAULT_URL } from '../config.js';
import { INSTALLATION } from '../installation.js';
import { wrapped } from '../print/wrapped.js';
import { RECIPE_GROUPS, type Recipe, shownParameter } from './recipe-table.js';

const INTRODUCTION =
  "Entries go from oldest to newest, the newest at the bottom. Arguments go by position, '' leaves one at its default; or by name, such as level=ERROR limit=5. Any filter of the command goes by name as well: component=db, min_level=warning, status!=404. --help in place of any argument shows a recipe's help.";
const ENVIRONMENT = `The gateway is looked for at TAILRACE_URL (default ${DEFAULT_URL}), with TAILRACE_TOKEN. More flags, JSON and paging: ${INSTALLATION.tailrace} --help`;
const EXAMPLE_AT = 6;

/** Every recipe with its arguments and an example, in lines no wider than `columns`. */
export function recipesHelp(columns: number): string {
  const groups = RECIPE_GROUPS.flatMap(({ title, recipes }) => [
    title,
    ...recipes.flatMap((recipe) => [
      ...usageLines(recipe, columns),
      ...wrapped(`${recipe.about}: ${recipe.example}`, columns - EXAMPLE_AT).map(
        (line) => ' '.repeat(EXAMPLE_AT) + line,
      ),
    ]),
    '',
  ]);
  return lines([...wrapped(INTRODUCTION, columns), '', ...groups, ...wrapped(ENVIRONMENT, columns)]);
}

/** One recipe: its arguments, what it does, an example, and the flags that go by name. */
export function recipeHelp(recipe: Recipe, columns: number): string {
  const defaults = recipe.parameters
    .filter(({ byDefault }) => byDefault !== undefined)
    .map(({ name, byDefault }) => `${name} ${byDefault}`);
  return lines([
    ...usageLines(recipe, columns),
    '',
    ...wrapped(`${recipe.about}. Example: ${recipe.example}`, columns),
    ...(defaults.length === 0 ? [] : wrapped(`Defaults: ${defaults.join(', ')}.`, columns)),
    ...(recipe.command === 'docker' ? [] : wrapped(flagsText(recipe), columns)),
  ]);
}

function flagsText({ command, takesFlags }: Recipe): string {
  const list = `${INSTALLATION.tailrace} ${command} --help`;
  return takesFlags
    ? `Its flags are those listed by: ${list}`
    : `Arguments by name, such as token=TOKEN, go at any place, and so do the flags listed by: ${list}`;
}

function usageLines({ name, parameters, takesFlags }: Recipe, columns: number): string[] {
  const places = [...parameters.map(shownParameter), ...(takesFlags ? ['[flags...]'] : [])];
  const [first = '', ...rest] = wrapped(['just', name, ...places].join(' '), columns - 4);
  return [`  ${first}`, ...rest.map((line) => `      ${line}`)];
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
